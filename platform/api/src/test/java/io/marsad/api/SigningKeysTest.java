package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.tenant.Caller;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.identity.access.AccessTokens;
import io.marsad.soc.identity.access.SigningKey;
import io.marsad.soc.identity.access.SigningKeys;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How the keys of access tokens come and go: the clock is the test's own, and so is the database. */
class SigningKeysTest {
    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = time::get;

    private void pass(Duration some) {
        time.set(time.get().plus(some));
    }

    private static List<String> ids(List<SigningKey> keys) {
        return keys.stream()
                .filter(key -> key.algorithm() == SignatureAlgorithm.EDDSA)
                .map(SigningKey::id)
                .toList();
    }

    @Test
    void keysArePublishedBeforeTheySignAndUntilTheirLastTokenHasEnded() throws Exception {
        var node = TestNode.on(direct -> direct);
        try {
            var own = node.tenant(TestNode.OWN.value());
            var keys = new SigningKeys(node.database, node.vault, TestNode.OWN, clock, node.random);
            var tokens = new Tokens(node.database, clock, node.random);
            var access =
                    new AccessTokens(keys, new Sessions(node.database, clock, node.random), tokens, "urn:test", clock);
            var caller = new Caller(TestNode.OWN, "token:" + own.tokenId(), Set.of("alerts:read"));
            var first = ids(keys.published());
            assertThat(first).hasSize(1);
            assertThat(keys.published()).hasSize(2);

            keys.rotate(false, "system:test");
            var both = ids(keys.published());
            assertThat(both).hasSize(2).containsAll(first);
            pass(Duration.ofMinutes(14));
            var old = issue(access, caller, own.tokenId());
            assertThat(access.authenticate(old)).isNotNull();
            pass(Duration.ofMinutes(2));
            var fresh = issue(access, caller, own.tokenId());
            assertThat(kid(fresh)).isNotEqualTo(kid(old));
            assertThat(access.authenticate(fresh)).isNotNull();
            assertThat(access.authenticate(old))
                    .as("its key has left, but not gone")
                    .isNotNull();
            pass(Duration.ofMinutes(17));
            assertThat(ids(keys.published())).hasSize(1).doesNotContainAnyElementsOf(first);
            assertThat(access.authenticate(issue(access, caller, own.tokenId())))
                    .isNotNull();

            pass(Duration.ofDays(31));
            assertThat(keys.published()).as("made by themselves").hasSize(4);
            pass(Duration.ofMinutes(40));
            assertThat(keys.published()).hasSize(2);

            var stolen = issue(access, caller, own.tokenId());
            assertThat(access.authenticate(stolen)).isNotNull();
            keys.rotate(true, "system:test");
            assertThat(access.authenticate(stolen))
                    .as("of a key that was rotated out at once")
                    .isNull();
            assertThat(access.authenticate(issue(access, caller, own.tokenId())))
                    .isNotNull();
        } finally {
            node.close();
        }
    }

    private static String issue(AccessTokens access, Caller caller, String token) {
        return access.issue(
                        caller,
                        AccessTokens.Parent.TOKEN,
                        UUID.fromString(token),
                        null,
                        Duration.ofMinutes(15),
                        SignatureAlgorithm.EDDSA)
                .text();
    }

    private static String kid(String token) throws Exception {
        return com.nimbusds.jose.JWSObject.parse(token).getHeader().getKeyID();
    }
}
