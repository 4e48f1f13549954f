package io.marsad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PolicyShareTest {
    @Test
    void aShareIsNearItsPercentAndWithinEveryLargerOne() {
        var random = new Random(20261123);
        var chosen = new int[101];
        for (int i = 0; i < 10_000; i++) {
            var endpoint = new UUID(random.nextLong(), random.nextLong());
            boolean before = false;
            for (int share = 1; share <= 100; share++) {
                boolean now = PolicyShare.includes("servers", endpoint, share);
                assertThat(now || !before).as("who was chosen stays").isTrue();
                before = now;
                chosen[share] += now ? 1 : 0;
            }
        }
        assertThat(chosen[100]).isEqualTo(10_000);
        for (int share = 1; share < 100; share++) {
            assertThat(chosen[share]).as("%s %%", share).isBetween(share * 100 - 250, share * 100 + 250);
        }
    }

    @Test
    void anotherGroupBeginsWithOthers() {
        var endpoint = UUID.fromString("01a207ff-a1d6-7607-9990-b99c3bb1d39d");
        assertThat(PolicyShare.place("servers", endpoint)).isEqualTo(PolicyShare.place("servers", endpoint));
        assertThat(java.util.stream.IntStream.range(0, 50)
                        .map(i -> PolicyShare.place("group " + i, endpoint))
                        .distinct()
                        .count())
                .isGreaterThan(20);
    }

    @Test
    void whatIsNoShareIsForAll() {
        assertThat(PolicyShare.of(policy("{\"share\":7}"))).isEqualTo(7);
        for (var none : new String[] {"{}", "{\"share\":0}", "{\"share\":101}", "{\"share\":\"7\"}", "no"}) {
            assertThat(PolicyShare.of(policy(none))).as(none).isEqualTo(100);
        }
    }

    private static SignedPolicy policy(String content) {
        return new SignedPolicy("acme", "servers", 1, content, "user:u", Instant.EPOCH, Instant.EPOCH);
    }
}
