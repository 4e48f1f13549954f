package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.LogSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** What rules mean, from the specification: a table of rules, events and verdicts ({@code meaning.yaml}). */
class MeaningTest {
    private static final LogSource SOURCE = LogSource.of("test", null, null);

    @Test
    void everyCaseGivesItsVerdict() throws Exception {
        String table;
        try (var stream = MeaningTest.class.getResourceAsStream("meaning.yaml")) {
            assertThat(stream).isNotNull();
            table = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        var wrong = new ArrayList<String>();
        var names = new HashSet<String>();
        for (YamlNode node : YamlReader.read("meaning.yaml", table).getFirst().asList()) {
            var test = node.asMapping();
            var name = test.requireText("name");
            assertThat(names.add(name)).as(name).isTrue();
            var detection = test.requireText("detection");
            var text = "title: a rule\nid: 00000000-0000-4000-8000-000000000001\nlogsource: {product: test}\n"
                    + "detection:\n" + detection.indent(2);
            var got = verdict(text, test.require("event").asMapping());
            var expected = test.requireText("expect");
            boolean right = expected.startsWith("refused: ")
                    ? got.startsWith("refused: ") && got.contains(expected.substring("refused: ".length()))
                    : got.equals(expected);
            if (!right) {
                wrong.add(test.line() + ": " + name + ": expected " + expected + ", got " + got);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(names).hasSizeGreaterThan(250);
    }

    private static String verdict(String rule, YamlNode.Mapping event) throws Exception {
        var rules = RuleSet.of("rule.yml", rule, FieldResolver.UNMAPPED);
        if (!rules.refusals().isEmpty()) {
            assertThat(rules.refusals()).allMatch(refusal -> refusal.line() > 0);
            return "refused: " + rules.refusals();
        }
        var batch = Events.batch();
        Events.add(batch, event, SOURCE);
        var collected = new Collected();
        rules.compile().match(batch, 0, collected);
        boolean fires = !collected.detected.isEmpty();
        var traced = RuleTrace.of(rules.rules().getFirst(), rules, FieldResolver.UNMAPPED, Placeholders.NONE, batch, 0);
        assertThat(traced.fires()).as("explained as it is matched: %s", rule).isEqualTo(fires);
        return Boolean.toString(fires);
    }
}
