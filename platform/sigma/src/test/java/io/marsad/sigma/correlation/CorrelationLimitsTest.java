package io.marsad.sigma.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Memory is bounded, per tenant, and what that costs can be seen. */
class CorrelationLimitsTest {
    private static final TenantId LOUD = new TenantId("loud");
    private static final TenantId QUIET = new TenantId("quiet");
    private static final long MINUTE = 60_000;

    private final RuleSet rules = RuleSet.of("c.yml", """
            title: a
            name: a
            logsource: {product: t}
            detection: {s: {kind: a}, condition: s}
            ---
            title: three
            id: 00000000-0000-4000-8000-000000000001
            correlation: {type: event_count, rules: [a], group-by: [user], timespan: 5m, condition: {gte: 3}}
            ---
            title: average
            id: 00000000-0000-4000-8000-000000000002
            correlation: {type: value_avg, rules: [a], group-by: [user], timespan: 5m, condition: {field: n, gte: 3}}
            """, FieldResolver.UNMAPPED);
    private final List<CorrelationMatch> told = new ArrayList<>();
    private CorrelationState state = state(1 << 20, 1000);
    private int made;

    private CorrelationState state(long ruleBytes, int groupEvents) {
        return new CorrelationState(
                rules, new CorrelationLimits(Duration.ofMinutes(10), ruleBytes, ruleBytes * 3 / 2, groupEvents));
    }

    private void event(TenantId tenant, String user, long time, long received) {
        var batch = new EventBatch(tenant);
        batch.beginRow(new EventId(3, ++made), received, made, "test");
        batch.source(LogSource.of("t", null, null));
        batch.time(time);
        batch.add(Field.unmapped("kind"), "a");
        batch.add(Field.unmapped("user"), user);
        batch.add(Field.unmapped("n"), "1");
        batch.endRow();
        for (var correlation : rules.correlations()) {
            state.add(correlation, correlation.members().getFirst(), batch, 0, told::add);
        }
    }

    private CorrelationUsage usage(TenantId tenant, int rule) {
        return state.usage().stream()
                .filter(u -> u.tenant().equals(tenant) && u.ruleId().endsWith("" + rule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFloodInOneTenantLeavesTheOthersAlone() {
        assertThat(rules.refusals()).isEmpty();
        event(QUIET, "bob", 0, 0);
        event(QUIET, "bob", 1, 1);
        for (int i = 0; i < 8_000; i++) {
            event(LOUD, "user " + i, i, i);
        }
        event(QUIET, "bob", 30_000, 30_000);
        assertThat(told).singleElement().satisfies(m -> assertThat(m.tenant()).isEqualTo(QUIET));
        assertThat(usage(QUIET, 1).evictedGroups()).isZero();
        var loud = usage(LOUD, 1);
        assertThat(loud.bytes()).isBetween(1L << 18, 1L << 20);
        assertThat(loud.evictedGroups() + loud.groups()).isEqualTo(8_000);
        assertThat(loud.events()).isEqualTo(loud.groups());
        assertThat(loud.bytes() + usage(LOUD, 2).bytes()).isLessThanOrEqualTo((1 << 20) * 3 / 2);
    }

    @Test
    void whatIsQuietIsForgottenAndWhatWasForgottenDoesNotRepeatItsIds() {
        var ids = new HashSet<EventId>();
        for (int i = 0; i < 3; i++) {
            for (int e = 0; e < 3; e++) {
                event(LOUD, "bob", i * 20 * MINUTE + e, i * 20 * MINUTE + e);
            }
        }
        assertThat(usage(LOUD, 1).events()).isEqualTo(3);
        for (int i = 0; i < 5_000; i++) {
            event(LOUD, "user " + i, 61 * MINUTE, 61 * MINUTE);
        }
        for (int e = 0; e < 3; e++) {
            event(LOUD, "bob", 62 * MINUTE, 62 * MINUTE);
        }
        told.forEach(match -> ids.add(match.id()));
        assertThat(told).hasSize(4);
        assertThat(ids).hasSize(4);
        state.advance(10 * 24 * 60 * MINUTE, told::add);
        assertThat(usage(LOUD, 1).groups()).isZero();
        assertThat(usage(LOUD, 1).bytes()).isZero();
        assertThat(told).hasSize(4);
    }

    @Test
    void aCrowdedGroupForgetsItsOldestAndGoesOnAlerting() {
        for (int i = 0; i < 20_000; i++) {
            event(LOUD, "bob", i * 150L, i * 150L);
        }
        assertThat(told).hasSize(10);
        assertThat(usage(LOUD, 1).events()).isLessThanOrEqualTo(1000);
        assertThat(usage(LOUD, 1).crowdedEvents()).isGreaterThan(4_000);
    }

    @Test
    void whatComesTooLateIsCountedAndCorrelatedAmongItself() {
        for (int i = 0; i < 60; i++) {
            event(LOUD, "bob", i * MINUTE, i * MINUTE);
        }
        int before = told.size();
        event(LOUD, "bob", MINUTE, 60 * MINUTE);
        event(LOUD, "bob", MINUTE, 60 * MINUTE);
        assertThat(told).hasSize(before);
        event(LOUD, "bob", 2 * MINUTE, 60 * MINUTE);
        assertThat(told).hasSize(before + 1);
        assertThat(told.getLast().count()).isEqualTo(3);
        assertThat(usage(LOUD, 1).lateEvents()).isEqualTo(3);
        assertThat(usage(LOUD, 1).lostEvents()).isZero();
    }

    @Test
    void damagedSnapshotsAreRefusedAndNothingElseHappens() throws Exception {
        for (int i = 0; i < 50; i++) {
            event(i % 2 == 0 ? LOUD : QUIET, "user " + i % 7, i * 7_000L, i * 7_000L);
        }
        var limits = CorrelationLimits.standard();
        var snapshot = state.snapshot();
        assertThat(snapshot.length).isLessThan(100 * 40 + 2_000);
        assertThat(CorrelationState.restore(snapshot, rules, limits).snapshot()).isEqualTo(snapshot);
        var random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            var damaged = snapshot.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> CorrelationState.restore(damaged, rules, limits))
                    .isInstanceOf(IOException.class);
        }
        state.retain(rules);
        assertThat(state.snapshot()).isEqualTo(snapshot);
    }
}
