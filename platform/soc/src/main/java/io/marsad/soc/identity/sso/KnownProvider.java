package io.marsad.soc.identity.sso;

import io.marsad.soc.identity.jose.InvalidTokenException;
import io.marsad.soc.identity.jose.Jwt;
import io.marsad.soc.identity.jose.KeySet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider: its discovery document for an hour, its keys for 15 minutes. A token of a key that is not
 * known has the keys fetched again, but not within 30 seconds of the last time. A provider that does not answer is believed
 * to be as it was for four hours more; there is no answer to wait for again within ten seconds.
 *
 * <p>Thread-safe; who comes while another one asks waits for the answer.
 */
final class KnownProvider {
    private static final Duration DISCOVERY_KEPT = Duration.ofHours(1);
    private static final Duration KEYS_KEPT = Duration.ofMinutes(15);
    private static final Duration STALE = Duration.ofHours(4);
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(30);
    private static final Duration FAILED_KEPT = Duration.ofSeconds(10);

    private final String issuer;
    private final ProviderHttp http;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Dated<Discovery> discovery;
    private @Nullable Dated<KeySet> keys;
    private @Nullable Dated<ProviderFault> failed;

    KnownProvider(String issuer, ProviderHttp http) {
        this.issuer = issuer;
        this.http = http;
    }

    private record Dated<T>(T what, Instant at) {
        boolean isYounger(Duration age, Instant now) {
            return now.isBefore(at.plus(age));
        }
    }

    /** @throws ProviderFault when it is not known and cannot be asked */
    Discovery discovery(Instant now) throws ProviderFault {
        lock.lock();
        try {
            var known = discovery;
            if (known != null && known.isYounger(DISCOVERY_KEPT, now)) {
                return known.what();
            }
            try {
                requireHope(now);
                var read = fetchDiscovery(http, issuer);
                discovery = new Dated<>(read, now);
                return read;
            } catch (ProviderFault e) {
                remember(e, now);
                if (known != null && known.isYounger(STALE, now)) {
                    return known.what();
                }
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    /** @throws InvalidTokenException unless one of the provider's keys signed it @throws ProviderFault as above */
    void verify(Jwt token, Instant now) throws ProviderFault, InvalidTokenException {
        keysFor(token, now).verify(token);
    }

    private KeySet keysFor(Jwt token, Instant now) throws ProviderFault {
        lock.lock();
        try {
            var known = keys;
            boolean fresh = known != null && known.isYounger(KEYS_KEPT, now);
            boolean justAsked = known != null && known.isYounger(ASKED_AGAIN, now);
            if (known != null && fresh && (justAsked || known.what().mayKnow(token))) {
                return known.what();
            }
            try {
                requireHope(now);
                var read = fetchKeys(http, discovery(now).keys());
                keys = new Dated<>(read, now);
                return read;
            } catch (ProviderFault e) {
                remember(e, now);
                if (known != null && known.isYounger(STALE, now)) {
                    return known.what();
                }
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireHope(Instant now) throws ProviderFault {
        var last = failed;
        if (last != null && last.isYounger(FAILED_KEPT, now)) {
            throw last.what();
        }
    }

    private void remember(ProviderFault fault, Instant now) {
        var last = failed;
        if (last == null || last.what() != fault) {
            failed = new Dated<>(fault, now);
        }
    }

    static Discovery fetchDiscovery(ProviderHttp http, String issuer) throws ProviderFault {
        return Discovery.read(http.get(URI.create(Discovery.address(issuer))), issuer);
    }

    /** @throws ProviderFault when there are none that we take */
    static KeySet fetchKeys(ProviderHttp http, URI address) throws ProviderFault {
        try {
            var read = KeySet.read(http.get(address));
            if (read.keys().isEmpty()) {
                throw new ProviderFault("At " + address + " is no key for RS256, PS256, ES256 or EdDSA.");
            }
            return read;
        } catch (InvalidTokenException e) {
            throw new ProviderFault("At " + address + ": " + e.reason() + ".", e);
        }
    }
}
