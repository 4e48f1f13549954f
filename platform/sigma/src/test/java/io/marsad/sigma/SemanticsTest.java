package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cases of the specification: one rule, one event or several, the verdict. */
class SemanticsTest {
    @Test
    void singleEvents() throws Exception {
        var wrong = new ArrayList<String>();
        int checked = 0;
        for (YamlNode node : cases("semantics/cases.json")) {
            var test = node.asMapping();
            var rules = RuleSet.of("case", test.requireText("rule"), FieldResolver.UNMAPPED);
            if (!rules.refusals().isEmpty()) {
                wrong.add(test.requireText("name") + ": " + rules.refusals());
                continue;
            }
            var expect = test.text("expect");
            if (expect == null) {
                continue;
            }
            checked++;
            var batch = Events.batch();
            Events.add(
                    batch,
                    test.require("event").asMapping(),
                    rules.rules().getFirst().logSource());
            var collected = new Collected(rules);
            rules.compile().match(batch, 0, collected);
            boolean fires = !collected.detected.isEmpty();
            if (fires != Boolean.parseBoolean(expect)) {
                wrong.add(test.requireText("name") + ": expected " + expect);
            }
            if (fires) {
                assertThat(new Explain().explain(rules.rules().getFirst(), batch, 0))
                        .isNotNull();
            }
        }
        System.out.println("SemanticsTest single-event cases decided: " + checked);
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThanOrEqualTo(70);
    }

    @Test
    void correlations() throws Exception {
        var wrong = new ArrayList<String>();
        int checked = 0;
        for (YamlNode node : cases("semantics/correlation_cases.json")) {
            var test = node.asMapping();
            var rules = RuleSet.of("case", test.requireText("rules"), FieldResolver.UNMAPPED);
            assertThat(rules.refusals()).as(test.requireText("name")).isEmpty();
            var expect = test.text("fires");
            if (expect == null) {
                continue;
            }
            checked++;
            var batch = Events.batch();
            for (YamlNode event : test.require("events").asList()) {
                Events.add(batch, event.asMapping(), rules.rules().getFirst().logSource());
            }
            var collected = new Collected(rules);
            var matcher = rules.compile();
            for (int row = 0; row < batch.rows(); row++) {
                matcher.match(batch, row, collected);
            }
            collected.finished();
            if (!collected.correlated.isEmpty() != Boolean.parseBoolean(expect)) {
                wrong.add(test.requireText("name") + ": expected " + expect);
            }
        }
        System.out.println("SemanticsTest correlation cases decided: " + checked);
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThanOrEqualTo(17);
    }

    private static List<YamlNode> cases(String file) throws Exception {
        return YamlReader.read(SharedData.folder(file)).getFirst().asList();
    }
}
