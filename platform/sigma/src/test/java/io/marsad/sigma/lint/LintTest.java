package io.marsad.sigma.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Placeholders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintTest {
    private static final String GOOD = """
            title: a rule
            id: 00000000-0000-4000-8000-000000000001
            status: test
            level: high
            regression_tests_path: anything
            tags: [attack.t1059, attack.execution]
            date: 2026-11-21
            logsource: {product: windows, category: process_creation}
            detection:
              selection: {Image: x}
              filter_main_x: {User: y}
              condition: selection and not 1 of filter_main_*
            """;

    @TempDir
    private Path folder;

    private Lint lint(String text) throws Exception {
        var file = folder.resolve("rule.yml");
        Files.writeString(file, text);
        return Lint.of(List.of(file), FieldResolver.UNMAPPED, Placeholders.NONE);
    }

    private void warns(String text, int line, String reason) throws Exception {
        var lint = lint(text);
        assertThat(lint.rules().refusals()).isEmpty();
        assertThat(lint.warnings())
                .as(text)
                .singleElement()
                .satisfies(warning -> assertThat(warning.line()).isEqualTo(line))
                .satisfies(warning -> assertThat(warning.reason()).contains(reason));
    }

    @Test
    void aGoodRuleIsGood() throws Exception {
        var lint = lint(GOOD);
        assertThat(lint.rules().refusals()).isEmpty();
        assertThat(lint.warnings()).isEmpty();
        assertThat(lint.compiled()).isEqualTo(1);
    }

    @Test
    void slipsAreFound() throws Exception {
        warns(GOOD.replace("level: high\n", ""), 1, "no level");
        warns(GOOD.replace("id: 00000000-0000-4000-8000-000000000001\n", ""), 1, "no id");
        warns(GOOD.replace("tags:", "tag:"), 6, "did you mean 'tags'");
        warns(GOOD.replace("attack.execution", "Execution"), 6, "not a tag");
        warns(GOOD.replace("2026-11-21", "21.11.2026"), 7, "not a date");
        warns(GOOD.replace("category:", "catagory:"), 8, "did you mean 'category'");
        warns(GOOD.replace("selection and not 1 of filter_main_*", "selection"), 11, "'filter_main_x' is not used");
        warns(GOOD.replace("  filter_main_x: {User: y}\n", ""), 11, "named like 'filter_main_*'");
        warns(GOOD.replace("{User: y}", "{User: [y, null]}"), 11, "null does not belong");
        warns(GOOD.replace("{User: y}", "{User: [y, z, y]}"), 11, "'y' is there twice");
        warns(GOOD.replace("{User: y}", "{User|contains|all: y}"), 11, "all wants several");
        warns(GOOD.replace("{User: y}", "{User|contains: ''}"), 11, "in every value");
        warns(GOOD.replace("{User: y}", "{User: '%Administrators%'}"), 11, "expand");
        warns(GOOD.replace("{User: y}", "{t|hour: 24}"), 11, "24 is never");
        warns(GOOD.replace("{User: y}", "{' User': y}"), 11, "blanks around");
        warns(
                GOOD.replace("selection and not 1 of filter_main_*", "selection or not selection or filter_main_x"),
                1,
                "fires on every event");
    }

    @Test
    void aFilterOfNothingIsFound() throws Exception {
        var filter = "---\ntitle: a filter\nid: 00000000-0000-4000-8000-000000000002\nlogsource: {product: %s}\n"
                + "filter:\n  rules: [00000000-0000-4000-8000-000000000001]\n  s: {Host: x}\n  condition: s\n";
        assertThat(lint(GOOD + filter.formatted("windows")).warnings()).isEmpty();
        assertThat(lint(GOOD + filter.formatted("linux")).warnings())
                .extracting(ContentProblem::reason)
                .singleElement()
                .asString()
                .contains("takes nothing away");
    }

    @Test
    void whatWaitsForAListIsNamed() throws Exception {
        var lint = lint(GOOD.replace("{User: y}", "{User|expand: '%OurAdmins%'}"));
        assertThat(lint.rules().refusals()).isEmpty();
        assertThat(lint.compiled()).isEqualTo(1);
        assertThat(lint.waiting())
                .singleElement()
                .satisfies(rule -> assertThat(rule.missingLists()).containsExactly("OurAdmins"));
        var known = new Placeholders(Map.of("OurAdmins", List.of("alice")));
        assertThat(Lint.of(List.of(folder), FieldResolver.UNMAPPED, known).waiting())
                .isEmpty();
    }

    @Test
    void listsAreReadFromFiles() throws Exception {
        Files.writeString(folder.resolve("lists.yaml"), "Servers: [a, b]\nAdministrators: carol\nNobody:\n");
        var lists = Placeholders.load(List.of(folder, folder.resolve("absent")));
        assertThat(lists.lists())
                .isEqualTo(
                        Map.of("Servers", List.of("a", "b"), "Administrators", List.of("carol"), "Nobody", List.of()));
    }
}
