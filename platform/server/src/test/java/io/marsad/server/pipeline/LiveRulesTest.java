package io.marsad.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.SigmaDetector;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.RuleBudget;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.rule.LoadedRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that are read again while detectors run. */
class LiveRulesTest {
    private static final String RULE = """
            title: %1$s
            id: 00000000-0000-4000-8000-00000000000%2$s
            name: %1$s
            logsource: {service: test}
            detection: {s: {Word: %3$s}, condition: s}
            """;
    private static final String COUNT = """
            title: Thrice
            id: 00000000-0000-4000-8000-0000000000aa
            correlation:
                type: event_count
                rules: [one]
                group-by: [Host]
                timespan: %s
                condition: {gte: 3}
            generate: true
            """;

    @TempDir
    private Path folder;

    private LiveRules rules;
    private SigmaDetector detector;
    private int events;

    @BeforeEach
    void start() throws Exception {
        rule("one", "1", "first");
        Files.writeString(folder.resolve("count.yml"), COUNT.formatted("5m"));
        rules = new LiveRules(read(), this::read, new RuleBudget(1_000_000_000, false));
        detector = rules.detector();
    }

    private void rule(String name, String number, String word) throws IOException {
        Files.writeString(folder.resolve(name + ".yml"), RULE.formatted(name, number, word));
    }

    private LoadedRules read() throws IOException {
        return new LoadedRules(RuleSet.load(List.of(folder), FieldResolver.UNMAPPED), about -> RuleOrigin.UNKNOWN);
    }

    private List<String> fired(String word) {
        var batch = new EventBatch(new TenantId("acme"));
        batch.beginRow(new EventId(1, ++events), events, events, "test");
        batch.source(LogSource.of(null, null, "test"));
        batch.add(Field.unmapped("Word"), word);
        batch.add(Field.unmapped("Host"), "pc");
        batch.endRow();
        var found = new ArrayList<Finding>();
        detector.detect(batch, 0, found);
        return found.stream()
                .map(one -> switch (one) {
                    case Finding.OnEvent(var rule, var b, var row) -> rule.title();
                    case Finding.OnListed listed -> "listed " + listed.indicator();
                    case Finding.OnEvents(var match, var b) -> match.rule().title();
                })
                .toList();
    }

    private RuleChanges taken() throws IOException {
        var outcome = rules.reload();
        assertThat(outcome).isInstanceOf(LiveRules.Taken.class);
        return ((LiveRules.Taken) outcome).changes();
    }

    @Test
    void correlationsThatDidNotChangeGoOnCounting() throws Exception {
        assertThat(fired("first")).containsExactly("one");
        assertThat(fired("first")).containsExactly("one");
        rule("two", "2", "second");

        var changes = taken();
        assertThat(changes.added()).extracting(d -> d.title()).containsExactly("two");
        assertThat(changes.changed()).isEmpty();
        assertThat(fired("second")).containsExactly("two");
        assertThat(fired("first")).containsExactlyInAnyOrder("one", "Thrice");
    }

    @Test
    void correlationsThatReadDifferentlyStartAfresh() throws Exception {
        fired("first");
        fired("first");
        Files.writeString(folder.resolve("count.yml"), COUNT.formatted("10m"));

        assertThat(taken().changed()).extracting(d -> d.title()).containsExactly("Thrice");
        assertThat(fired("first")).containsExactly("one");
    }

    @Test
    void newFaultsKeepEverythingAsItIsAndOldOnesDoNot() throws Exception {
        rule("one", "1", "other");
        Files.writeString(folder.resolve("bad.yml"), "title: bad\nlogsource: {service: test}\ndetection: {}\n");

        var outcome = rules.reload();
        assertThat(outcome).isInstanceOf(LiveRules.Refused.class);
        assertThat(((LiveRules.Refused) outcome).faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.file()).endsWith("bad.yml"));
        assertThat(fired("first")).containsExactly("one");
        assertThat(fired("other")).isEmpty();

        var tolerant = new LiveRules(read(), this::read, new RuleBudget(1_000_000_000, false));
        assertThat(tolerant.now().rules().refusals()).isNotEmpty();
        assertThat(tolerant.reload()).as("the fault was there at the start").isInstanceOf(LiveRules.Taken.class);
        Files.delete(folder.resolve("bad.yml"));
        assertThat(taken().changed()).extracting(d -> d.title()).containsExactly("one");
        assertThat(fired("other")).containsExactly("one");
    }

    @Test
    void contentThatCannotBeReadIsARefusal() throws Exception {
        var broken = new LiveRules(
                read(),
                () -> {
                    throw new ContentException("lists.yaml", 3, "no list");
                },
                new RuleBudget(1_000_000_000, false));
        assertThat(broken.reload())
                .isInstanceOfSatisfying(
                        LiveRules.Refused.class,
                        refused -> assertThat(refused.faults())
                                .singleElement()
                                .satisfies(fault -> assertThat(fault.line()).isEqualTo(3)));
    }

    @Test
    void costlyRulesAreCountedAndPutAsideUntilAReload() throws Exception {
        rules = new LiveRules(read(), this::read, new RuleBudget(1, true));
        detector = rules.detector();
        for (int i = 0; i < 4000; i++) {
            fired("first");
        }
        assertThat(rules.overBudget()).isEqualTo(1);
        assertThat(rules.quarantined()).extracting(rule -> rule.title()).containsExactly("one");
        assertThat(fired("first")).isEmpty();

        taken();
        assertThat(rules.overBudget()).isZero();
        assertThat(rules.quarantined()).isEmpty();
        assertThat(fired("first")).contains("one");
    }
}
