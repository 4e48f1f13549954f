package io.marsad.fleet.relay;

import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.ServerName;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for several tenants at one address: who calls names the tenant, is shown that tenant's certificate, and is trusted by
 * that tenant's authority only. Who names none, or one that is not served, is shown nothing. Thread-safe.
 */
final class TenantTls {
    private final Tenancy tenancy;
    private final Set<PeerId.Kind> kinds;

    /** @param kinds who may call */
    TenantTls(Tenancy tenancy, Set<PeerId.Kind> kinds) {
        this.tenancy = tenancy;
        this.kinds = Set.copyOf(kinds);
    }

    X509ExtendedKeyManager keys() {
        return new Shown();
    }

    X509ExtendedTrustManager trust() {
        return new Asked();
    }

    private Tenancy.@Nullable Serving named(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (var name : session.getRequestedServerNames()) {
                var tenant = name instanceof SNIHostName host ? ServerName.tenant(host.getAsciiName()) : null;
                if (tenant != null) {
                    return tenancy.of(tenant);
                }
            }
        }
        return null;
    }

    /** TLS asks for a name first, then by it for certificate and key: they have to be of one another. */
    private final class Shown extends X509ExtendedKeyManager {
        private final Map<String, Tenancy.Identity> shown = new ConcurrentHashMap<>();

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
            var serving = type.equals("EC") ? named(engine) : null;
            if (serving == null) {
                return null;
            }
            var identity = serving.identity();
            var alias = identity.chain().getFirst().getSerialNumber().toString(16);
            if (shown.putIfAbsent(alias, identity) == null) {
                shown.values().removeIf(TenantTls::isOver);
            }
            return alias;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            var identity = shown.get(alias);
            return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            var identity = shown.get(alias);
            return identity == null ? null : identity.key();
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null; // it is called, it does not call
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null; // without an engine nobody is named
        }
    }

    private static boolean isOver(Tenancy.Identity identity) {
        var now = Date.from(InstantSource.system().instant());
        return identity.chain().getFirst().getNotAfter().before(now);
    }

    private final class Asked extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            var serving = named(engine);
            if (serving == null || chain.length == 0) {
                throw new CertificateException("no tenant that is served is named, or no certificate is shown");
            }
            try {
                serving.trust().check(chain[0], kinds, PeerTrust.Use.CLIENT);
            } catch (PeerTrust.Refused e) {
                throw new CertificateException(e.getMessage(), e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw unnamed();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw unnamed();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw unnamed();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw unnamed();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw unnamed();
        }

        private CertificateException unnamed() {
            return new CertificateException("who is called, and by whom, is not known here");
        }

        /** Which authorities are trusted is nobody's to know who is not let in. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
