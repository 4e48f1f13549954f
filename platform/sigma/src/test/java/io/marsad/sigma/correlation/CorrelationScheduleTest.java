package io.marsad.sigma.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * For any arrival within the lateness, with repetitions, and wherever the process dies and goes on from its last snapshot:
 * the alerts are those of the sorted events.
 */
class CorrelationScheduleTest {
    private static final int RULE_SETS = 600;
    private static final int SCHEDULES = 20;
    private static final TenantId TENANT = new TenantId("acme");
    private static final LogSource SOURCE = LogSource.of("t", null, null);

    @Test
    void alertsAreThoseOfTheSortedStream() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("CorrelationScheduleTest seed " + seed);
        var seeds = new SplittableRandom(seed);
        int schedules = 0;
        int fired = 0;
        int crashes = 0;
        int revised = 0;
        for (int s = 0; s < RULE_SETS; s++) {
            var random = seeds.split();
            var scenario = new RandomScenario(random);
            var rules = RuleSet.of("random.yml", scenario.yaml(), FieldResolver.UNMAPPED);
            assertThat(rules.refusals()).as(scenario.yaml()).isEmpty();
            var matcher = rules.compile();
            for (int i = 0; i < SCHEDULES; i++) {
                var run = new Run(random, scenario, rules, matcher);
                run.go();
                run.check(seed);
                schedules++;
                fired += run.alerts.size();
                crashes += run.crashes;
                revised += run.revised;
            }
        }
        System.out.println("CorrelationScheduleTest schedules " + schedules + ", alerts " + fired + ", crashes "
                + crashes + ", revised " + revised);
        assertThat(schedules).isGreaterThanOrEqualTo(10_000);
        assertThat(fired).isGreaterThan(schedules / 4);
        assertThat(crashes).isGreaterThan(schedules / 4);
        assertThat(revised).isGreaterThan(100);
    }

    private record Arrival(Oracle.Item item, long received) {}

    /** One schedule. */
    private static final class Run implements DetectionSink {
        final Map<EventId, CorrelationMatch> alerts = new HashMap<>();
        int crashes;
        int revised;

        private final SplittableRandom random;
        private final RandomScenario scenario;
        private final RuleSet rules;
        private final RuleMatcher matcher;
        private final CorrelationLimits limits;
        private final List<Oracle.Item> items;
        private final List<Arrival> arrivals = new ArrayList<>();
        private final EventBatch batch = new EventBatch(TENANT);
        private CorrelationState state;
        private boolean telling = true;

        Run(SplittableRandom random, RandomScenario scenario, RuleSet rules, RuleMatcher matcher) {
            this.random = random;
            this.scenario = scenario;
            this.rules = rules;
            this.matcher = matcher;
            long lateness = random.nextBoolean()
                    ? random.nextLong(1, 90_000)
                    : scenario.spec().span();
            limits = new CorrelationLimits(Duration.ofMillis(lateness), 1 << 24, 1 << 26, 50_000);
            state = new CorrelationState(rules, limits);
            items = scenario.events(random);
            arrive(lateness);
        }

        private void arrive(long lateness) {
            boolean atOnce = random.nextInt(6) == 0; // an old log, sent again
            long shift = random.nextInt(4) == 0 ? random.nextLong(-5_000_000_000L, 5_000_000_000L) : 0;
            boolean mostInOrder = random.nextInt(3) == 0;
            for (Oracle.Item item : items) {
                int copies = random.nextInt(6) == 0 ? 2 : 1;
                for (int c = 0; c < copies; c++) {
                    boolean prompt = mostInOrder && random.nextInt(8) != 0;
                    long delay = prompt ? 0 : random.nextLong(lateness + 1);
                    arrivals.add(new Arrival(item, (atOnce ? 1_800_000_000_000L : item.time() + shift) + delay));
                }
            }
            for (int i = arrivals.size() - 1; i > 0; i--) { // for those that arrive at the same time
                var other = random.nextInt(i + 1);
                var swapped = arrivals.get(i);
                arrivals.set(i, arrivals.get(other));
                arrivals.set(other, swapped);
            }
            arrivals.sort((a, b) -> Long.compare(a.received, b.received));
            for (int row = 0; row < arrivals.size(); row++) {
                var arrival = arrivals.get(row);
                batch.beginRow(arrival.item.id(), arrival.received, row, "test");
                batch.source(SOURCE);
                batch.time(arrival.item.time());
                arrival.item.fields().forEach((name, values) -> {
                    for (String value : values) {
                        batch.add(Field.unmapped(name), value);
                    }
                });
                batch.endRow();
            }
        }

        void go() throws IOException {
            var snapshot = state.snapshot();
            int kept = 0;
            int decided = 0;
            for (int row = 0; row < batch.rows(); row++) {
                telling = row >= decided;
                matcher.match(batch, row, this);
                boolean again = row < decided;
                decided = Math.max(decided, row + 1);
                telling = true;
                if (!again && random.nextInt(8) == 0) { // while reading again, time does not pass
                    long next = row + 1 < batch.rows() ? batch.received(row + 1) : batch.received(row);
                    state.advance(random.nextLong(batch.received(row), next + 1), this::told);
                }
                if (random.nextInt(12) == 0) {
                    snapshot = state.snapshot();
                    kept = row + 1;
                } else if (crashes < 3 && random.nextInt(30) == 0) {
                    crashes++;
                    state = CorrelationState.restore(snapshot, rules, limits);
                    assertThat(state.snapshot()).isEqualTo(snapshot);
                    row = kept - 1;
                }
            }
            state.finish(this::told);
        }

        private void told(CorrelationMatch match) {
            if (telling) {
                if (match.revised()) {
                    revised++;
                    assertThat(alerts.put(match.id(), match))
                            .as("revised before it was told")
                            .isNotNull();
                } else {
                    alerts.putIfAbsent(match.id(), match); // an alert is raised once, and afterwards only revised
                }
            }
        }

        @Override
        public void detected(SigmaRule rule, EventBatch events, int row) {}

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch events, int row) {
            state.add(correlation, member, events, row, this::told);
        }

        void check(long seed) {
            var expected = new TreeMap<String, String>();
            for (Oracle.Alert alert : new Oracle(TENANT.value(), items).alerts(scenario.spec())) {
                var shown = Oracle.shortened(alert.events(), CorrelationMatch.MAX_EVENTS);
                expected.put(
                        alert.id().toString(),
                        alert.group() + " " + alert.first() + ".." + alert.last() + " = " + alert.value() + " of "
                                + alert.events().size() + ": " + shown);
            }
            var actual = new TreeMap<String, String>();
            alerts.values().forEach(match -> {
                var group = match.group().stream()
                        .map(v -> v.toLowerCase(Locale.ROOT))
                        .toList();
                actual.put(
                        match.id().toString(),
                        group + " " + match.first() + ".." + match.last() + " = " + match.value() + " of "
                                + match.count() + ": " + match.events());
            });
            if (!actual.equals(expected)) {
                var order = new ArrayList<Oracle.Item>();
                arrivals.forEach(a -> order.add(a.item));
                assertThat(actual)
                        .as("seed " + seed + " lateness " + limits.lateness() + "\n" + scenario.yaml() + show(order))
                        .isEqualTo(expected);
            }
        }
    }

    /** For messages. */
    private static String show(List<Oracle.Item> items) {
        var text = new StringBuilder();
        for (Oracle.Item item : items) {
            text.append('\n')
                    .append(item.time())
                    .append(' ')
                    .append(item.id())
                    .append(' ')
                    .append(item.fields());
        }
        return text.toString();
    }
}
