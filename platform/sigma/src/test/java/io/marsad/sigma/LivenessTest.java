package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which rules can fire when events of one source have the fields A and B, and those of another have C only. */
class LivenessTest {
    private static final List<ProvidedEvents> EVENTS = List.of(
            new Events(LogSource.of("windows", "process_creation", "sysmon"), Set.of("A", "B")),
            new Events(LogSource.of("windows", "process_creation,other", "security"), Set.of("C")));

    private record Events(LogSource source, Set<String> names) implements ProvidedEvents {
        @Override
        public boolean mayHave(Field field) {
            return names.contains(field.path().substring(Field.UNMAPPED.length()));
        }
    }

    @Test
    void aRuleOfASourceThatNothingProvidesCannotFire() {
        var verdict = verdict("{product: linux, category: process_creation}", "  s:\n    A: x\n  condition: s\n");
        assertThat(verdict.kind()).isEqualTo(Liveness.Obstacle.SOURCE);
        assertThat(verdict.reason()).isEqualTo("no mapping provides linux/process_creation");
        assertThat(verdict("{product: windows, category: other}", "  s:\n    C: x\n  condition: s\n")
                        .canFire())
                .isTrue();
        assertThat(verdict("{category: process_creation}", "  s:\n    A: x\n  condition: s\n")
                        .canFire())
                .isTrue();
    }

    @Test
    void aFieldThatNothingProvidesIsNamedWithWhatNeedsIt() {
        var verdict = windows("  s:\n    A: x\n    Zed: y\n  condition: s\n");
        assertThat(verdict.kind()).isEqualTo(Liveness.Obstacle.FIELD);
        assertThat(verdict.reason()).contains("'s' needs Zed").contains("windows/process_creation");
        assertThat(windows("  a:\n    A: x\n  b:\n    Zed: y\n  condition: a and b\n")
                        .reason())
                .contains("'b' needs Zed")
                .doesNotContain("'a'");
    }

    @Test
    void anotherWayToComeTrueIsEnough() {
        assertThat(windows("  a:\n    A: x\n  b:\n    Zed: y\n  condition: a or b\n")
                        .canFire())
                .isTrue();
        assertThat(windows("  s:\n    - A: x\n    - Zed: y\n  condition: s\n").canFire())
                .isTrue();
        assertThat(windows("  s:\n    - Zed: x\n    - Zed: y\n  condition: s\n").canFire())
                .isFalse();
        assertThat(windows("  a:\n    A: x\n  b:\n    Zed: y\n  condition: 1 of a* or all of b*\n")
                        .canFire())
                .isTrue();
    }

    @Test
    void whatIsDeniedOfAMissingFieldIsTrue() {
        assertThat(windows("  s:\n    A: x\n  f:\n    Zed: y\n  condition: s and not f\n")
                        .canFire())
                .isTrue();
        assertThat(windows("  s:\n    A: x\n  f:\n    Zed: null\n  condition: s and f\n")
                        .canFire())
                .isTrue();
        var always = windows("  s:\n    A: x\n  f:\n    Zed: null\n  condition: s and not f\n");
        assertThat(always.canFire()).isFalse();
        assertThat(always.reason()).contains("'f' always holds without Zed");
        assertThat(windows("  s:\n    A: x\n    Zed|exists: false\n  condition: s\n")
                        .canFire())
                .isTrue();
        assertThat(windows("  s:\n    A: x\n    Zed|exists: true\n  condition: s\n")
                        .canFire())
                .isFalse();
    }

    @Test
    void allThatARuleNeedsHasToBeInOneEvent() {
        assertThat(windows("  s:\n    A: x\n    B: y\n  condition: s\n").canFire())
                .isTrue();
        var verdict = windows("  s:\n    A: x\n    C: y\n  condition: s\n");
        assertThat(verdict.canFire()).isFalse();
        assertThat(verdict.reason()).contains("fields that no event has together");
        assertThat(windows("  s:\n    A|fieldref: C\n  condition: s\n").canFire())
                .isFalse();
        assertThat(windows("  s:\n    A|fieldref: B\n  condition: s\n").canFire())
                .isTrue();
    }

    @Test
    void keywordsAreFoundWhereverThereIsText() {
        assertThat(windows("  s:\n    - evil\n  condition: s\n").canFire()).isTrue();
    }

    @Test
    void aCorrelationIsAsGoodAsItsRules() {
        var rules = rule("one", "{product: windows, category: process_creation}", "  s:\n    A: x\n  condition: s\n")
                + "---\n"
                + rule("two", "{product: linux}", "  s:\n    A: x\n  condition: s\n")
                + "---\n"
                + "title: both\ncorrelation:\n  type: event_count\n  rules: [one, two]\n  timespan: 1m\n"
                + "  condition: {gte: 2}\n"
                + "---\n"
                + "title: dead\ncorrelation:\n  type: event_count\n  rules: [two]\n  timespan: 1m\n"
                + "  condition: {gte: 2}\n";
        var set = RuleSet.of("rules.yml", rules, FieldResolver.UNMAPPED);
        assertThat(set.refusals()).isEmpty();
        var liveness = Liveness.of(set, EVENTS);
        assertThat(liveness.able()).isEqualTo(2);
        assertThat(liveness.unable().stream().map(v -> v.about().title() + ": " + v.kind()))
                .containsExactlyInAnyOrder("two: SOURCE", "dead: RULE");
    }

    private static Liveness.Verdict windows(String detection) {
        return verdict("{product: windows, category: process_creation}", detection);
    }

    private static Liveness.Verdict verdict(String source, String detection) {
        var set = RuleSet.of("rule.yml", rule("rule", source, detection), FieldResolver.UNMAPPED);
        assertThat(set.refusals()).isEmpty();
        return Liveness.of(set, EVENTS).verdicts().getFirst();
    }

    private static String rule(String name, String source, String detection) {
        return "title: " + name + "\nname: " + name + "\nlogsource: " + source + "\ndetection:\n" + detection;
    }
}
