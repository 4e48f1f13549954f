package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random texts and conditions; the seed is printed and can be given with {@code -Dmarsad.seed}. */
class ReaderPropertyTest {
    private static final String[] PIECES = {
        "'",
        "\"",
        "|",
        "\\",
        "*",
        "?",
        "%x%",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "null",
        "''",
        "- ",
        "\n",
        "  ",
        "~",
        "-1",
        "0x",
        "1e9",
        "9999999999999999999",
        "true",
        "not ",
        "and ",
        "or ",
        "1 of ",
        "all of ",
        "them",
        "_",
        "\u212a",
        "\ud83d\ude00",
        "&a ",
        "*a ",
        "!!binary ",
        "? ",
        ": ",
        "#",
        "$",
        "^",
        "(?i)",
        "{1,5}",
        "\\Q",
        "\\Z",
        "[^]",
        "-/"
    };
    private static final String[] MODIFIERS = {
        "contains",
        "startswith",
        "endswith",
        "all",
        "cased",
        "neq",
        "re",
        "i",
        "m",
        "s",
        "cidr",
        "base64",
        "base64offset",
        "utf16",
        "wide",
        "windash",
        "fieldref",
        "exists",
        "gt",
        "lte",
        "minute",
        "week",
        "expand"
    };

    private static Random random() {
        long seed = Long.getLong("marsad.seed", new Random().nextLong());
        System.out.println("ReaderPropertyTest -Dmarsad.seed=" + seed);
        return new Random(seed);
    }

    @Test
    void whateverTheTextItIsReadOrRefusedWithAReason() throws Exception {
        var random = random();
        var seeds = rules();
        var reader = new SigmaReader(FieldResolver.UNMAPPED, Placeholders.ASSUMED);
        int read = 0;
        for (int n = 0; n < 3_000; n++) {
            var text = mutated(seeds.get(random.nextInt(seeds.size())), random);
            var result = reader.read("rule.yml", text);
            read += result.documents().size();
            assertThat(result.problems())
                    .allSatisfy(problem -> assertThat(problem.reason()).isNotBlank());
        }
        assertThat(read).as("some are still rules").isPositive();
    }

    private static List<String> rules() throws Exception {
        try (var stream = ReaderPropertyTest.class.getResourceAsStream("meaning.yaml")) {
            assertThat(stream).isNotNull();
            var table = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            var rules = new ArrayList<String>();
            for (YamlNode node :
                    YamlReader.read("meaning.yaml", table).getFirst().asList()) {
                rules.add("title: a rule\nlogsource: {product: test}\ndetection:\n"
                        + node.asMapping().requireText("detection").indent(2));
            }
            return rules;
        }
    }

    private static String mutated(String rule, Random random) {
        var text = new StringBuilder(rule);
        int changes = 1 + random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            int colon = text.indexOf(":", at);
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(12)));
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.insert(Math.max(colon, 0), "|" + MODIFIERS[random.nextInt(MODIFIERS.length)]);
                case 3 ->
                    text.setCharAt(
                            at, (char) (random.nextInt(20) == 0 ? random.nextInt(1 << 16) : 32 + random.nextInt(95)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        return text.toString();
    }

    @Test
    void conditionsMeanWhatTheyAreBuiltFrom() throws Exception {
        var random = random();
        var names = List.of("a", "b_1", "b_2", "not_c", "_hidden");
        for (int n = 0; n < 2_000; n++) {
            var built = built(names, random, 5);
            var parsed = Condition.parse(built.text(), names, "rule.yml", 1);
            for (int bits = 0; bits < 1 << names.size(); bits++) {
                var truth = new LinkedHashMap<String, Predicate>();
                for (int i = 0; i < names.size(); i++) {
                    truth.put(names.get(i), (bits >> i & 1) == 1 ? Predicate.EVERYTHING : Predicate.NOTHING);
                }
                assertThat(Constant.of(parsed.predicate(truth)))
                        .as("%s with %s", built.text(), truth)
                        .isEqualTo(holds(built, truth) ? Constant.TRUE : Constant.FALSE);
            }
        }
    }

    private static Condition built(List<String> names, Random random, int depth) {
        return switch (depth == 0 ? 3 : random.nextInt(5)) {
            case 0 -> new Condition.All(List.of(built(names, random, depth - 1), built(names, random, depth - 1)));
            case 1 -> new Condition.Any(List.of(built(names, random, depth - 1), built(names, random, depth - 1)));
            case 2 -> new Condition.Not(built(names, random, depth - 1));
            case 3 -> new Condition.Named(names.get(random.nextInt(names.size())));
            default ->
                switch (random.nextInt(3)) {
                    case 0 -> new Condition.Several(random.nextBoolean(), "b_*", List.of("b_1", "b_2"));
                    case 1 -> new Condition.Several(random.nextBoolean(), "them", names.subList(0, 4));
                    default -> new Condition.Several(random.nextBoolean(), "_*", names.subList(4, 5));
                };
        };
    }

    /** By the definition, not by the predicate. */
    private static boolean holds(Condition condition, Map<String, Predicate> truth) {
        return switch (condition) {
            case Condition.All(List<Condition> of) -> of.stream().allMatch(c -> holds(c, truth));
            case Condition.Any(List<Condition> of) -> of.stream().anyMatch(c -> holds(c, truth));
            case Condition.Not(Condition of) -> !holds(of, truth);
            case Condition.Named(String name) -> truth.get(name) == Predicate.EVERYTHING;
            case Condition.Several several ->
                several.all()
                        ? several.selections().stream().allMatch(s -> truth.get(s) == Predicate.EVERYTHING)
                        : several.selections().stream().anyMatch(s -> truth.get(s) == Predicate.EVERYTHING);
        };
    }

    @Test
    void fieldsOfRulesAreBounded() {
        var rule = "title: a rule\nlogsource: {product: test}\ndetection:\n  s: {'%s': x}\n  condition: s\n";
        assertThat(RuleSet.of("r.yml", rule.formatted("f".repeat(401)), FieldResolver.UNMAPPED)
                        .refusals())
                .hasSize(1);
        assertThat(RuleSet.of("r.yml", rule.formatted("f".repeat(400)), FieldResolver.UNMAPPED)
                        .rules())
                .singleElement()
                .satisfies(r -> assertThat(
                                r.selections().getFirst().tests().getFirst().slots())
                        .contains(Field.unmapped("f".repeat(400))));
    }
}
