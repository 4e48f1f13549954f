package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The shipped content: everything loads, and every rule's samples fire or stay silent through the real mappings. */
class ContentTest {
    private static final Path CONTENT = Path.of(System.getProperty("marsad.root"), "content");

    @Test
    void everyRuleLoadsAndProvesItself() throws Exception {
        var content = Content.load(CONTENT);
        assertThat(content.rules().refusals()).isEmpty();
        assertThat(content.rules().rules().size()
                        + content.rules().correlations().size())
                .isGreaterThanOrEqualTo(40);
        var report = new RuleTests(content.rules(), new SampleEvents(content.mappings())).run();
        assertThat(report.results().stream()
                        .filter(result -> !result.passed())
                        .map(TestReport.Result::toString)
                        .toList())
                .isEmpty();
        assertThat(report.untested()).isEmpty();
        assertThat(RuleTests.orphans(CONTENT.resolve("rules"))).isEmpty();
    }
}
