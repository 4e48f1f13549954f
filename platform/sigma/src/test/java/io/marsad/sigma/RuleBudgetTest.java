package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.match.RuleBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rule that costs too much is named, and put aside where that was asked for, without a change for the others. */
final class RuleBudgetTest {
    private static final LogSource SOURCE = LogSource.of("linux", null, "test");
    /** Classes of Unicode are known to RE2/J only, the digit is never there, and the counters make that slow. */
    private static final String RULES = """
            title: Terrible
            id: 00000000-0000-4000-8000-000000000001
            logsource: {service: test}
            detection: {sel: {Line|re: '(?:[a-z ]{1,30}[a-z0-9 ]{1,30}){2} \\p{Nd}#'}, condition: sel}
            ---
            title: Good
            id: 00000000-0000-4000-8000-000000000002
            logsource: {service: test}
            detection: {sel: {Line|contains: lorem}, condition: sel}
            """;

    private final RuleSet rules = RuleSet.of("r.yml", RULES, FieldResolver.UNMAPPED);
    private final EventBatch batch = Events.batch();
    private final List<RuleMatcher.OverBudget> told = new ArrayList<>();

    private RuleMatcher matcher(boolean quarantine) throws Exception {
        assertThat(rules.refusals()).isEmpty();
        var line = "lorem ipsum dolor sit amet ".repeat(8) + "#";
        Events.add(
                batch,
                YamlReader.read("e", "{Line: '" + line + "', N: 1}").getFirst().asMapping(),
                SOURCE);
        var matcher = rules.compile();
        matcher.budget(new RuleBudget(50_000, quarantine), told::add);
        return matcher;
    }

    private int run(RuleMatcher matcher, int events) {
        var collected = new Collected();
        for (int i = 0; i < events; i++) {
            matcher.match(batch, 0, collected);
        }
        return collected.detected.size();
    }

    @Test
    void isReportedOnceAndGoesOn() throws Exception {
        var matcher = matcher(false);
        assertThat(run(matcher, 3500)).isEqualTo(3500);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().rule().title()).isEqualTo("Terrible");
        assertThat(told.getFirst().quarantined()).isFalse();
        assertThat(told.getFirst().nanosPerEvent()).isGreaterThan(50_000);
        assertThat(matcher.quarantined()).isEmpty();
        assertThat(matcher.costs().get(1).evaluations()).isEqualTo(3500);
        assertThat(matcher.costs().get(0).nanosPerEvent())
                .isGreaterThan(matcher.costs().get(1).nanosPerEvent());
    }

    @Test
    void isPutAsideForAllCopiesAndCanComeBack() throws Exception {
        var matcher = matcher(true);
        var copy = matcher.copy();
        assertThat(run(matcher, 3500)).isEqualTo(3500);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().quarantined()).isTrue();
        assertThat(matcher.quarantined()).extracting(SigmaRule::title).containsExactly("Terrible");
        assertThat(copy.quarantined()).isEqualTo(matcher.quarantined());

        assertThat(run(copy, 100)).isEqualTo(100);
        assertThat(copy.costs().get(0).evaluations()).isZero();
        copy.release(matcher.quarantined().getFirst());
        run(matcher, 10);
        assertThat(matcher.quarantined()).isEmpty();
    }
}
