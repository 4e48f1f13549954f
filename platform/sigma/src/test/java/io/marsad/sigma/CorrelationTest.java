package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.sigma.correlation.CorrelationLimits;
import io.marsad.sigma.correlation.CorrelationState;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CorrelationTest {
    private static final LogSource SSHD = LogSource.of("linux", null, "sshd");
    private static final long SECOND = 1000;

    private static final String FAILED_LOGINS = """
            title: failed login
            id: 00000000-0000-4000-8000-000000000001
            name: failed_login
            logsource: {product: linux, service: sshd}
            detection:
              selection:
                outcome: failure
              condition: selection
            ---
            title: many failed logins
            id: 00000000-0000-4000-8000-000000000002
            level: high
            correlation:
              type: event_count
              rules: [failed_login]
              group-by: [user]
              timespan: 5m
              condition: {gte: 10}
            """;

    private final RuleSet rules = RuleSet.of("c.yml", FAILED_LOGINS, FieldResolver.UNMAPPED);
    private final EventBatch batch = Events.batch();
    private final Collected collected = new Collected(rules);

    private void failures(String user, int n, long start, long step) {
        for (int i = 0; i < n; i++) {
            Events.add(batch, SSHD, start + i * step, "outcome", "failure", "user", user);
        }
    }

    private void run(int from) {
        var matcher = rules.compile();
        for (int row = from; row < batch.rows(); row++) {
            matcher.match(batch, row, collected);
        }
    }

    @Test
    void tenFailuresAreOneAlertAndItArmsAgain() {
        assertThat(rules.refusals()).isEmpty();
        failures("bob", 9, 0, 10 * SECOND);
        failures("eve", 9, 0, 10 * SECOND);
        run(0);
        assertThat(collected.correlated).isEmpty();
        failures("BOB", 5, 100 * SECOND, 10 * SECOND);
        run(18);
        assertThat(collected.correlated).hasSize(1);
        assertThat(collected.detected).isEmpty();
        var match = collected.correlated.getFirst();
        assertThat(match.group()).containsExactly("bob");
        assertThat(match.events()).hasSize(10).doesNotHaveDuplicates();
        assertThat(match.value()).isEqualTo(10);
        assertThat(match.first()).isEqualTo(0);
        assertThat(match.last()).isEqualTo(100 * SECOND);
        failures("bob", 10, 301 * SECOND, SECOND);
        run(23);
        assertThat(collected.correlated).hasSize(2);
        assertThat(collected.correlated.get(1).id()).isNotEqualTo(match.id());
        assertThat(collected.correlated.get(1).first()).isEqualTo(301 * SECOND);
    }

    @Test
    void tooSlowIsSilent() {
        failures("bob", 30, 0, 34 * SECOND);
        run(0);
        assertThat(collected.correlated).isEmpty();
    }

    @Test
    void lateAndRepeatedEventsCountOnce() {
        failures("bob", 5, 60 * SECOND, SECOND);
        failures("bob", 4, 0, SECOND);
        run(0);
        run(0);
        assertThat(collected.correlated).isEmpty();
        failures("bob", 1, 30 * SECOND, SECOND);
        run(9);
        assertThat(collected.correlated).hasSize(1);
        assertThat(collected.correlated.getFirst().first()).isEqualTo(0);
        run(0);
        assertThat(collected.correlated).hasSize(1);
    }

    @Test
    void aRestoredStateGoesOn() throws Exception {
        failures("bob", 9, 0, SECOND);
        run(0);
        var snapshot = collected.state.snapshot();
        collected.state = CorrelationState.restore(snapshot, rules, CorrelationLimits.standard());
        assertThat(collected.state.snapshot()).isEqualTo(snapshot);
        failures("bob", 1, 20 * SECOND, SECOND);
        run(9);
        assertThat(collected.correlated).hasSize(1);
        assertThat(collected.state.usage())
                .singleElement()
                .satisfies(u -> assertThat(u.groups()).isEqualTo(1));
        snapshot[snapshot.length / 2] ^= 1;
        assertThatThrownBy(() -> CorrelationState.restore(snapshot, rules, CorrelationLimits.standard()))
                .isInstanceOf(IOException.class);
        var other = RuleSet.of("c.yml", FAILED_LOGINS.replace("5m", "6m"), FieldResolver.UNMAPPED);
        assertThat(CorrelationState.restore(collected.state.snapshot(), other, CorrelationLimits.standard())
                        .usage())
                .isEmpty();
    }

    @Test
    void generateLetsTheCountedRulesSpeak() {
        var loud = RuleSet.of("c.yml", FAILED_LOGINS + "generate: true\n", FieldResolver.UNMAPPED);
        failures("bob", 1, 0, SECOND);
        var heard = new Collected(loud);
        loud.compile().match(batch, 0, heard);
        assertThat(heard.detected).containsExactly("failed login");
    }
}
