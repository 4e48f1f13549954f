package io.marsad.uplink;

import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a host believes before it is let in: who shows a certificate of the authority whose SHA-256 the host was told, and
 * that authority's own. Nothing is believed because it was seen first.
 */
public final class FirstTrust extends X509ExtendedTrustManager {
    private final String tenant;
    private final String sha256;
    private final InstantSource clock;

    /** @param sha256 of the authority's certificate, in hexadecimal digits */
    FirstTrust(String tenant, String sha256, InstantSource clock) {
        this.tenant = tenant;
        this.sha256 = sha256;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        for (int i = 1; i < chain.length; i++) {
            if (sha256.equals(sha256(chain[i]))) {
                try {
                    new PeerTrust(tenant, List.of(chain[i]), _ -> false, clock)
                            .check(chain[0], PeerId.Kind.RELAY, PeerTrust.Use.SERVER);
                    return;
                } catch (PeerTrust.Refused e) {
                    throw new CertificateException(e.getMessage(), e);
                }
            }
        }
        throw new CertificateException("who answers is not of the authority that this host was told");
    }

    public static String sha256(X509Certificate certificate) throws CertificateException {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("a host is not called");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("a host is not called");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("a host is not called");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
