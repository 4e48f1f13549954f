package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.About;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.proof.CrossFire;
import io.marsad.sigma.proof.Proof;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped content: everything loads, and every rule's samples fire or stay silent through the real mappings. */
class ContentTest {
    private static final Path ROOT = Path.of(System.getProperty("marsad.root"));
    private static final Path CONTENT = ROOT.resolve("content");
    private static final Path LIST = ROOT.resolve("docs/reference/rules.md");

    private static Content content;

    @BeforeAll
    static void load() throws Exception {
        content = Content.load(CONTENT);
    }

    @Test
    void everyRuleLoadsAndProvesItself() throws Exception {
        assertThat(content.rules().refusals()).isEmpty();
        assertThat(alerting()).hasSizeGreaterThanOrEqualTo(120);
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
        assertThat(rules.refusals()).isEmpty();
        assertThat(rules.rules()).hasSize(shipped + 2);
        assertThat(rules.running()).isEqualTo(shipped + 1 + rules.correlations().size());
        assertThat(rules.waiting())
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.missingLists()).containsExactly("Nobody"));
    }

    @Test
    void everyProofHasVariantsAndNeighbours() throws Exception {
        var thin = new ArrayList<String>();
        for (About about : alerting()) {
            var proof = Proof.read(RuleTests.proofOf(Path.of(about.file())));
            if (proof.fires().size() < 2 || proof.silent().size() < 2) {
                thin.add(about.file());
            }
        }
        assertThat(thin).isEmpty();
    }

    @Test
    void everyRuleTellsAnAnalystWhatItIsAbout() {
        var incomplete = new ArrayList<String>();
        for (About about : alerting()) {
            boolean technique = about.tags().stream().anyMatch(tag -> tag.matches("attack\\.t\\d{4}(\\.\\d{3})?"));
            boolean tactic = about.tags().stream().anyMatch(tag -> tag.matches("attack\\.[a-z-]+"));
            if (!technique
                    || !tactic
                    || about.description().length() < 20
                    || !about.author().equals("Marsad")
                    || !about.license().equals("Apache-2.0")
                    || about.date().isEmpty()
                    || about.falsePositives().isEmpty()
                    || about.references().isEmpty()) {
                incomplete.add(about.file());
            }
        }
        assertThat(incomplete).isEmpty();
    }

    @Test
    void everyRuleCanFire() {
        assertThat(content.liveness().unable()).isEmpty();
    }

    @Test
    void noRuleFiresOnMoreThanATwentiethOfOtherRulesSamples() throws Exception {
        var rules = CrossFire.measure(content.rules(), new SampleEvents(content.mappings()));
        assertThat(rules.stream().filter(rule -> rule.share() > 0.05).toList()).isEmpty();
    }

    /** The list in the documentation; {@code -Dmarsad.docs=write} writes it anew. */
    @Test
    void theListOfRulesIsWhatIsShipped() throws Exception {
        var expected = RuleList.of(content.rules(), CONTENT.resolve("rules"));
        if ("write".equals(System.getProperty("marsad.docs"))) {
            Files.writeString(LIST, expected);
        }
        assertThat(Files.readString(LIST))
                .as("write it anew: mvn -pl platform/server test -Dtest=ContentTest -Dmarsad.docs=write")
                .isEqualTo(expected);
    }

    /** Rules and correlations that raise alerts: those that no correlation counts, unless it says so. */
    private static List<About> alerting() {
        Set<String> counted = new HashSet<>();
        for (Correlation correlation : content.rules().correlations()) {
            correlation.members().forEach(member -> counted.add(member.rule().id()));
        }
        var all = new ArrayList<About>();
        content.rules().rules().stream()
                .filter(rule -> !counted.contains(rule.id()))
                .map(SigmaRule::about)
                .forEach(all::add);
        content.rules().correlations().stream()
                .filter(Correlation::alerts)
                .forEach(c -> all.add(c.definition().about()));
        return all;
    }
}
