package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.sigma.proof.RuleTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTest {
    private static final String RULE =
            "title: t\nid: 00000000-0000-4000-8000-00000000000%d\nlogsource: {product: linux}\ndetection:\n"
                    + "  s:\n    A: x\n  condition: s\n";

    /** JSON is YAML. */
    private static EventBatch normalize(String format, byte[] record) throws IOException {
        try {
            var batch = Events.batch();
            var node = YamlReader.read("record", new String(record, StandardCharsets.UTF_8));
            Events.add(batch, node.getFirst().asMapping(), LogSource.of("linux", null, null));
            return batch;
        } catch (ContentException e) {
            throw new IOException(e);
        }
    }

    @Test
    void samplesPassOrSayWhyNot(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.yaml"), RULE.formatted(1));
        Files.writeString(
                folder.resolve("a.test.yaml"),
                "fires:\n  - {name: right, format: json, record: {A: x, n: 1}}\n"
                        + "  - {name: wrong, format: json, record: '{\"A\": \"y\"}'}\n"
                        + "silent:\n  - {name: quiet, format: json, records: [{A: y}, {B: \"<&>\"}]}\n");
        Files.writeString(folder.resolve("b.yaml"), RULE.formatted(2));
        Files.writeString(folder.resolve("z.test.yaml"), "");
        var rules = RuleSet.load(List.of(folder), FieldResolver.UNMAPPED);
        var report = new RuleTests(rules, ProofTest::normalize).run();
        assertThat(report.results()).hasSize(3);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.tested()).isEqualTo(1);
        assertThat(report.results().get(1).failure())
                .contains("3: did not fire")
                .contains("linux");
        assertThat(report.untested())
                .singleElement()
                .satisfies(none -> assertThat(none.file()).endsWith("b.yaml"));
        assertThat(report.json()).startsWith("{\"tests\":3,\"failed\":1,\"untested\":1,");
        assertThat(report.junitXml())
                .contains("failures=\"1\"")
                .contains("<skipped")
                .contains("<failure message=\"3: did not fire");
        assertThat(RuleTests.orphans(folder)).containsExactly(folder.resolve("z.test.yaml"));
    }
}
