package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetTest {
    private static final LogSource WINDOWS = LogSource.of("windows", "process_creation", null);

    private static String rule(String id, String detection) {
        return "title: a rule\nid: 00000000-0000-4000-8000-00000000000" + id
                + "\nlevel: high\nlogsource: {product: windows, category: process_creation}\ndetection:\n" + detection;
    }

    private static List<ContentProblem> refusals(String detection) {
        return RuleSet.of("r.yml", rule("1", detection), FieldResolver.UNMAPPED).refusals();
    }

    private static boolean fires(String detection, String... pairs) {
        var rules = RuleSet.of("r.yml", rule("1", detection), FieldResolver.UNMAPPED);
        assertThat(rules.refusals()).isEmpty();
        var batch = Events.batch();
        Events.add(batch, WINDOWS, 0, pairs);
        var collected = new Collected(rules);
        rules.compile().match(batch, 0, collected);
        return !collected.detected.isEmpty();
    }

    @Test
    void faultsSayWhereAndWhatWouldBeRight() {
        assertThat(refusals("  selection:\n    Image|endwith: x\n  condition: selection\n"))
                .singleElement()
                .satisfies(p -> assertThat(p.line()).isEqualTo(7))
                .satisfies(p -> assertThat(p.reason()).contains("endwith").contains("did you mean 'endswith'"));
        assertThat(refusals("  selection:\n    A: x\n  condition: selektion\n"))
                .singleElement()
                .satisfies(p -> assertThat(p.line()).isEqualTo(8))
                .satisfies(p -> assertThat(p.reason()).contains("did you mean 'selection'"));
        assertThat(refusals("  s:\n    A: x\n  condition: s | count() by B > 5\n")
                        .toString())
                .contains("correlation");
        assertThat(refusals("  s:\n    A|re: 'a(?=b)'\n  condition: s\n").toString())
                .contains("not supported");
        assertThat(refusals("  s:\n    A|cidr: 10.0.0.1/8\n  condition: s\n").toString())
                .contains("bits set");
        assertThat(refusals("  s:\n    A|expand: '%Servers%'\n  condition: s\n").toString())
                .contains("%Servers%");
        assertThat(refusals("  s:\n    A: x\n  condition: 2 of s*\n").toString())
                .contains("2 of");
        assertThat(refusals("  s:\n    A: x\n  condition: s and (s\n").toString())
                .contains("')' is missing");
        assertThat(refusals("  s:\n    A: x\n  condition: s and all of filter*\n")
                        .toString())
                .contains("filter*");
        assertThat(refusals("  s:\n    A|gt: 'x'\n  condition: s\n").toString()).contains("number");
        assertThat(refusals("  s:\n    A|startswith|fieldref: B\n  condition: s\n")
                        .toString())
                .contains("after fieldref");
    }

    @Test
    void aRefusedFileDoesNotStopTheOthers(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.yml"), rule("1", "  s:\n    A: x\n  condition: s\n"));
        Files.writeString(folder.resolve("b.yml"), rule("1", "  s:\n    A: y\n  condition: s\n"));
        Files.writeString(folder.resolve("c.yml"), "title: [\n");
        Files.writeString(folder.resolve("d.test.yaml"), "fires: []\n");
        Files.writeString(folder.resolve(".hidden.yml"), "nonsense");
        var rules = RuleSet.load(List.of(folder), FieldResolver.UNMAPPED);
        assertThat(rules.rules()).hasSize(1);
        assertThat(rules.files()).isEqualTo(3);
        assertThat(rules.refusals()).hasSize(2);
        assertThat(rules.refusals().get(0).reason()).contains("same id").contains("a.yml:1");
        assertThat(rules.refusals().get(1).reason()).contains("not YAML");
    }

    @Test
    void windashGoesBothWaysAndAnyNumber() {
        var many = "  s:\n    A|contains|windash: ' -a -b -c -d'\n  condition: s\n";
        assertThat(fires(many, "A", "x.exe /A \u2013b \u2014c -d")).isTrue();
        assertThat(fires(many, "A", "x.exe /a b -c -d")).isFalse();
        var slash = "  s:\n    A|contains|windash: ' /accepteula'\n  condition: s\n";
        assertThat(fires(slash, "A", "psexec -accepteula")).isTrue();
    }

    @Test
    void base64OffsetOfMoreThanAscii() {
        // base64("xää") is eMOkw6Q=: the stable part of "ää" at shift 1
        assertThat(fires("  s:\n    A|base64offset|contains: 'ää'\n  condition: s\n", "A", "eMOkw6Q="))
                .isTrue();
    }

    @Test
    void numbersAreTextAndOneIsOnePointZero() {
        var rule = "  s:\n    A: 1\n  condition: s\n";
        assertThat(fires(rule, "A", "1")).isTrue();
        assertThat(fires(rule, "A", "1.0")).isTrue();
        assertThat(fires(rule, "A", "10")).isFalse();
    }

    @Test
    void anEmptyValueIsNotNull() {
        assertThat(fires("  s:\n    A: null\n  condition: s\n", "A", "")).isFalse();
        assertThat(fires("  s:\n    A: x\n  f:\n    B: null\n  condition: s and not f\n", "A", "x", "B", ""))
                .isTrue();
        assertThat(fires("  s:\n    A: x\n  f:\n    B: null\n  condition: s and not f\n", "A", "x"))
                .isFalse();
    }

    @Test
    void anEventOfSeveralCategoriesIsForTheRulesOfEach() {
        var event = LogSource.of("windows", "registry_delete,registry_add,registry_event", "sysmon");
        for (String category : List.of("registry_add", "registry_delete", "registry_event")) {
            assertThat(event.satisfies(LogSource.of("windows", category, null))).isTrue();
        }
        assertThat(event.satisfies(LogSource.of("windows", "registry_set", null)))
                .isFalse();
        assertThat(event.satisfies(LogSource.of(null, null, "sysmon"))).isTrue();
        assertThat(event).hasToString("windows/registry_delete/sysmon");
    }

    @Test
    void placeholdersTakeTheirLists() throws Exception {
        var reader = new SigmaReader(
                FieldResolver.UNMAPPED, new Placeholders(java.util.Map.of("Servers", List.of("dc*1", "web"))));
        var result = reader.read("r.yml", rule("1", "  s:\n    A|expand: 'CORP\\%Servers%'\n  condition: s\n"));
        assertThat(result.problems()).isEmpty();
        assertThat(result.documents()).hasSize(1);
    }

    @Test
    void keywordsAreWordsOfTheSource() {
        var rules = RuleSet.of(
                "r.yml",
                rule("1", "  k: [delete, '1001', Linux, synthetic]\n  condition: k\n"),
                FieldResolver.UNMAPPED);
        var named = RuleSet.of(
                "r.yml",
                rule("1", "  k: {activity_name|contains: delete}\n  condition: k\n"),
                (wanted, taxonomy, name) -> List.of(Field.of(name)));
        var batch = Events.batch();
        batch.beginRow(new EventId(1, 1), 0, 0, "test");
        batch.source(WINDOWS);
        for (Field field : Predicate.KIND) {
            batch.add(field, "Delete 1001 Linux synthetic");
        }
        batch.add(Field.of("device.hostname"), "pc-1");
        batch.endRow();
        batch.beginRow(new EventId(1, 2), 0, 0, "test");
        batch.source(WINDOWS);
        batch.add(Field.of("process.cmd_line"), "cmd /c delete x");
        batch.endRow();
        var collected = new Collected(rules);
        rules.compile().match(batch, 0, collected);
        assertThat(collected.detected).isEmpty();
        rules.compile().match(batch, 1, collected);
        assertThat(collected.detected).hasSize(1);
        named.compile().match(batch, 0, collected);
        assertThat(collected.detected).as("by name it is there").hasSize(2);
    }

    @Test
    void filtersTakeEventsAway() {
        var text = rule("1", "  s:\n    A: x\n  condition: s\n")
                + "---\ntitle: without admins\nlogsource: {product: windows}\nfilter:\n  rules:\n"
                + "    - 00000000-0000-4000-8000-000000000001\n  selection:\n    User|startswith: adm_\n"
                + "  condition: selection\n";
        var rules = RuleSet.of("r.yml", text, FieldResolver.UNMAPPED);
        assertThat(rules.refusals()).isEmpty();
        var batch = Events.batch();
        Events.add(batch, WINDOWS, 0, "A", "x", "User", "adm_bob");
        Events.add(batch, WINDOWS, 0, "A", "x", "User", "bob");
        var collected = new Collected(rules);
        var matcher = rules.compile();
        matcher.match(batch, 0, collected);
        assertThat(collected.detected).isEmpty();
        matcher.match(batch, 1, collected);
        assertThat(collected.detected).hasSize(1);
    }

    @Test
    void aMatchIsExplained() {
        var rules = RuleSet.of(
                "r.yml",
                rule(
                        "1",
                        "  s:\n    Image|endswith:\n      - '\\cmd.exe'\n      - '\\pwsh.exe'\n    C|contains|all: ['a', 'b']\n"
                                + "  filter:\n    Image: nothing\n  condition: s and not filter\n"),
                FieldResolver.UNMAPPED);
        var batch = Events.batch();
        Events.add(batch, WINDOWS, 0, "Image", "C:\\CMD.exe", "C", "only a", "C", "only b");
        assertThat(new Explain().explain(rules.rules().getFirst(), batch, 0))
                .containsExactly(
                        new Explain.Match("s", "Image", Field.unmapped("Image"), "C:\\CMD.exe", "endswith \\cmd.exe"),
                        new Explain.Match("s", "C", Field.unmapped("C"), "only a", "contains all a"),
                        new Explain.Match("s", "C", Field.unmapped("C"), "only b", "contains all b"));
        Events.add(batch, WINDOWS, 0, "Image", "other");
        assertThat(new Explain().explain(rules.rules().getFirst(), batch, 1)).isEmpty();
    }

    @Test
    void taxonomySaysWhereFieldsAre(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("p.yaml"),
                "taxonomy: sigma\nlogsource: {category: process_creation}\nfields:\n  Image: process.file.path\n"
                        + "  User: [process.user.name, actor.user.name]\n");
        var taxonomy = Taxonomy.load(folder, FieldResolver.NativeNames.NONE);
        assertThat(taxonomy.resolve(WINDOWS, "sigma", "Image")).containsExactly(Field.of("process.file.path"));
        assertThat(taxonomy.resolve(WINDOWS, "sigma", "User")).hasSize(2);
        assertThat(taxonomy.resolve(WINDOWS, "sigma", "New Value"))
                .containsExactly(Field.unmapped("New Value"), Field.unmapped("NewValue"));
        assertThat(taxonomy.resolve(LogSource.of("windows", null, null), "sigma", "Image"))
                .containsExactly(Field.of("process.file.path"), Field.unmapped("Image"));
        assertThat(taxonomy.resolve(LogSource.of("linux", null, "sshd"), "other", "Image"))
                .containsExactly(Field.unmapped("Image"));
    }
}
