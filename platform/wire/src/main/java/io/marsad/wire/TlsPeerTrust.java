package io.marsad.wire;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@link PeerTrust} as TLS asks for it. Of the chain that is shown only the first certificate counts: authorities sign
 * directly. Whom one calls is known by its id, so that the name that was dialled proves nothing and is not asked for.
 * Thread-safe.
 */
public final class TlsPeerTrust extends X509ExtendedTrustManager {
    private final PeerTrust trust;
    private final PeerId.Kind expected;

    /** @param expected at the other end */
    public TlsPeerTrust(PeerTrust trust, PeerId.Kind expected) {
        this.trust = trust;
        this.expected = expected;
    }

    private void check(X509Certificate[] chain, PeerTrust.Use use) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("no certificate is shown");
        }
        try {
            trust.check(chain[0], expected, use);
        } catch (PeerTrust.Refused e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, PeerTrust.Use.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, PeerTrust.Use.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, PeerTrust.Use.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, PeerTrust.Use.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, PeerTrust.Use.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, PeerTrust.Use.SERVER);
    }

    /** Which authorities are trusted is nobody's to know who is not let in. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
