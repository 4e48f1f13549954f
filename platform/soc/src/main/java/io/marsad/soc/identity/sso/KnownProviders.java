package io.marsad.soc.identity.sso;

import io.marsad.kernel.tenant.TenantId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What is known of providers, each tenant's for itself. Thread-safe. */
final class KnownProviders {
    private static final int MOST = 1_000;

    private final ProviderHttp http;
    private final Map<Key, KnownProvider> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KnownProvider> eldest) {
            return size() > MOST;
        }
    };

    KnownProviders(ProviderHttp http) {
        this.http = http;
    }

    private record Key(TenantId tenant, UUID provider, String issuer) {}

    KnownProvider of(TenantId tenant, Provider provider) {
        var issuer = provider.settings().issuer();
        synchronized (known) {
            return known.computeIfAbsent(new Key(tenant, provider.id(), issuer), _ -> new KnownProvider(issuer, http));
        }
    }
}
