package io.marsad.fleet.relay;

import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.ServerName;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
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

    private static @Nullable String tenant(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (var name : session.getRequestedServerNames()) {
                var tenant = name instanceof SNIHostName host ? ServerName.tenant(host.getAsciiName()) : null;
                if (tenant != null) {
                    return tenant;
                }
            }
        }
        return null;
    }

    /** TLS asks for a name first, then by it for certificate and key: they have to be of one another. */
    private final class Shown extends X509ExtendedKeyManager {
        private final Map<String, Tenancy.Identity> newest = new ConcurrentHashMap<>(); // by tenant
        private final Map<String, Tenancy.Identity> before = new ConcurrentHashMap<>(); // for handshakes that run

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
            var tenant = type.equals("EC") ? tenant(engine) : null;
            var serving = tenant == null ? null : tenancy.of(tenant);
            if (tenant == null || serving == null) {
                return null;
            }
            var identity = serving.identity();
            var last = newest.put(tenant, identity);
            if (last != null && !alias(tenant, last).equals(alias(tenant, identity))) {
                before.put(tenant, last);
            }
            return alias(tenant, identity);
        }

        private static String alias(String tenant, Tenancy.Identity identity) {
            return tenant + "/" + identity.chain().getFirst().getSerialNumber().toString(16);
        }

        private Tenancy.@Nullable Identity find(String alias) {
            var tenant = alias.substring(0, Math.max(0, alias.indexOf('/')));
            var now = newest.get(tenant);
            return now != null && alias(tenant, now).equals(alias) ? now : before.get(tenant);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            var identity = find(alias);
            return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            var identity = find(alias);
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

    private final class Asked extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            var tenant = tenant(engine);
            var serving = tenant == null ? null : tenancy.of(tenant);
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
