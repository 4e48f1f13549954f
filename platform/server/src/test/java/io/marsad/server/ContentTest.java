package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void anInstallationHasRulesAndListsOfItsOwn(@TempDir Path data) throws Exception {
        var rule = "title: of our own\nid: 00000000-0000-4000-8000-0000000000aa\nlogsource: {product: linux}\n"
                + "detection:\n  s: {User|expand: '%%%s%%'}\n  condition: s\n";
        var shipped = Content.ofInstallation(CONTENT, data).rules().rules().size();
        Files.createDirectories(data.resolve("rules/set"));
        Files.createDirectories(data.resolve("lists"));
        Files.writeString(data.resolve("rules/set/known.yml"), rule.formatted("Admins"));
        Files.writeString(
                data.resolve("rules/set/unknown.yml"), rule.formatted("Nobody").replace("aa", "ab"));
        Files.writeString(data.resolve("lists/ours.yaml"), "Admins: [root]\n");
        var rules = Content.ofInstallation(CONTENT, data).rules();
        assertThat(rules.rules()).hasSize(shipped + 1);
        assertThat(rules.find("00000000-0000-4000-8000-0000000000aa")).isNotNull();
        assertThat(rules.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("Nobody: [value"));
    }
}
