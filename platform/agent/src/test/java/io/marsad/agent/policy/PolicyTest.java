package io.marsad.agent.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.SignedPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyTest {
    private static byte[] policy(long version, String collectors) {
        return ("{\"version\":" + version + ",\"not_after\":\"2026-11-24T00:00:00Z\",\"collectors\":{" + collectors
                        + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static final String FILES = "\"files\":{\"on\":true,\"paths\":[\"/var/log/*.log\"]}";

    @Test
    void theLastGoodOneStaysAndNoneGoesBack(@TempDir Path folder) throws Exception {
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var file = folder.resolve("policy.json");
        var store = PolicyStore.open(file, clock);
        assertThat(store.apply(policy(7, FILES))).isTrue();
        assertThat(store.apply(policy(7, FILES))).isFalse();
        assertThatThrownBy(() -> store.apply(policy(7, ""))).hasMessageContaining("another content");
        assertThatThrownBy(() -> store.apply(policy(6, FILES))).hasMessageContaining("version");
        assertThatThrownBy(() -> store.apply(policy(8, "\"files\":{\"on\":1}"))).hasMessageContaining("files.on");
        clock.advance(Duration.ofDays(1));
        assertThatThrownBy(() -> store.apply(policy(8, FILES))).hasMessageContaining("expired");
        var again = PolicyStore.open(file, clock);
        assertThat(again.current()).isEqualTo(store.current()).isPresent();
        assertThatThrownBy(() -> again.apply(policy(6, FILES))).isInstanceOf(PolicyRefused.class);
    }

    @Test
    void whoIsNotInItsShareKeepsWhatItHas(@TempDir Path folder) throws Exception {
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var store = PolicyStore.open(folder.resolve("policy.json"), clock);
        var endpoint = UUID.fromString("01a207ff-a1d6-7607-9990-b99c3bb1d39d");
        int place = PolicyShare.place("servers", endpoint);
        assertThat(place).as("so that there is a share without and one with it").isBetween(1, 98);
        assertThat(store.concerns(shared(1, place), endpoint)).as("it has none").isTrue();
        assertThat(store.apply(shared(1, 100))).isTrue();
        assertThat(store.concerns(shared(2, place), endpoint)).isFalse();
        assertThat(store.concerns(shared(3, place + 1), endpoint)).isTrue();
        assertThat(store.apply(shared(3, place + 1))).isTrue();
        assertThat(store.concerns(shared(4, 100), endpoint)).isTrue();
        assertThatThrownBy(() -> store.apply(shared(4, 101))).hasMessageContaining("share");
        assertThat(store.current().orElseThrow().version()).isEqualTo(3);
    }

    private static SignedPolicy shared(long version, int share) {
        var content = "{\"collectors\":{}" + (share == 100 ? "" : ",\"share\":" + share) + "}";
        var now = Instant.parse("2026-11-23T06:00:00Z");
        return new SignedPolicy("acme", "servers", version, content, "user:u", now, now.plusSeconds(60));
    }

    @Test
    void refusalsNameThePlace() {
        String[][] cases = {
            {"\"nets\":{}", "collectors.nets"},
            {"\"files\":{\"on\":true,\"paths\":[\"/a/b\",\"etc\"]}", "collectors.files.paths[1]"},
            {"\"files\":{\"on\":true,\"paths\":[\"/a/../etc/x\"]}", "collectors.files.paths[0]"},
            {"\"files\":{\"on\":true,\"paths\":[\"/a*/b\"]}", "collectors.files.paths[0]"},
            {"\"files\":{\"on\":true}", "collectors.files.paths"},
            {"\"eventlog\":{\"on\":true}", "collectors.eventlog.paths"},
            {"\"eventlog\":{\"on\":true,\"paths\":[\"Security\",\"/q:*\"]}", "collectors.eventlog.paths[1]"},
            {"\"services\":{\"on\":true,\"paths\":[\"/a\"]}", "collectors.services.paths"},
            {"\"audit\":{\"on\":true,\"every_ms\":1}", "collectors.audit.every_ms"},
            {"\"audit\":{\"on\":true,\"every_ms\":1.5}", "collectors.audit.every_ms"},
            {"\"audit\":{\"on\":true},\"audit\":{\"on\":true}", "no JSON"},
        };
        for (var each : cases) {
            assertThatThrownBy(() -> PolicyReader.read(policy(1, each[0])))
                    .isInstanceOf(PolicyRefused.class)
                    .hasMessageContaining(each[1]);
        }
    }

    @Test
    void channelsOfWindowsArePathsOfTheEventLog() throws PolicyRefused {
        var policy = PolicyReader.read(policy(
                1,
                "\"services\":{\"on\":true},\"eventlog\":{\"on\":true,"
                        + "\"paths\":[\"Security\",\"Microsoft-Windows-Windows Defender/Operational\"]}"));
        assertThat(policy.collectors()).containsKeys("services", "eventlog");
        assertThat(policy.collectors().get("eventlog"))
                .extracting(Policy.Collection::paths)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly("Security", "Microsoft-Windows-Windows Defender/Operational");
    }

    @Test
    void nothingElseThanARefusalComesOfAnyBytes() {
        var random = Seed.of("PolicyTest").random();
        int refused = 0;
        for (int round = 0; round < 4_000; round++) {
            var bytes = policy(1, FILES);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            try {
                assertThat(PolicyReader.read(bytes).version()).isPositive();
            } catch (PolicyRefused e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }
}
