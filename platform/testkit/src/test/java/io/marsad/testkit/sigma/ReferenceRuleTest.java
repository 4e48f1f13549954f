package io.marsad.testkit.sigma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The reference by itself: the tables of the specification. */
class ReferenceRuleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void casesOfTheSpecification() throws Exception {
        var set = System.getenv("MARSAD_SHARED_DATA");
        var root = set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data");
        var file = root.resolve("semantics/cases.json");
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no cases at " + file);
        var wrong = new ArrayList<String>();
        int checked = 0;
        for (JsonNode test : JSON.readTree(Files.readString(file))) {
            var event = ReferenceEvent.of(JSON.treeToValue(test.get("event"), Map.class));
            boolean matches =
                    ReferenceReader.plain().read(test.get("rule").asString()).matches(event);
            if (!test.get("expect").isNull() && test.get("expect").asBoolean() != matches) {
                wrong.add(test.get("name").asString());
            }
            checked++;
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThanOrEqualTo(78);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a\\b a\\b true",
                "a\\\\b a\\b true",
                "\\* * true",
                "\\* x false",
                "\\? ? true",
                "\\? x false",
                "\\\\* \\anything true",
                "\\\\* x false",
                "\\\\\\* \\* true",
                "\\\\\\* \\x false",
                "\\\\\\b \\\\b true",
                "\\\\\\\\b \\\\b true",
                "\\\\\\\\* \\\\x true",
                "\\\\\\\\\\*\\\\ADMIN$ \\\\*\\ADMIN$ true",
                "x\\ x\\ true",
                "a*c ac true",
                "a?c ac false",
                "a?c abc true",
                "% % true",
                "\\% \\% true"
            })
    void escapes(String written, String value, boolean fits) {
        assertThat(fires("F: '" + written + "'", Map.of("F", value))).isEqualTo(fits);
    }

    @Test
    void wildcardsRunOverLinesAndTakeWholeCharacters() {
        assertThat(fires("F: 'a*z'", Map.of("F", "a\nb\nz"))).isTrue();
        assertThat(fires("F: 'a?z'", Map.of("F", "a\nz"))).isTrue();
        assertThat(fires("F: 'a?z'", Map.of("F", "a\uD83D\uDE00z"))).isTrue();
        assertThat(fires("F|endswith: '?.exe'", Map.of("F", ".exe"))).isFalse();
    }

    @Test
    void nullEmptyAndMissing() {
        var rows = List.<Map<String, @Nullable Object>>of(
                Map.of(), nullable("F", null), Map.of("F", ""), Map.of("F", "x"));
        assertThat(verdicts("F: null", rows)).containsExactly(true, true, false, false);
        assertThat(verdicts("F: ''", rows)).containsExactly(false, false, true, false);
        assertThat(verdicts("F: '*'", rows)).containsExactly(false, false, true, true);
        assertThat(verdicts("F|exists: true", rows)).containsExactly(false, true, true, true);
        assertThat(verdicts("F|exists: false", rows)).containsExactly(true, false, false, false);
        assertThat(verdicts("F|neq: 'y'", rows)).containsExactly(true, true, true, true);
        assertThat(verdicts("F|neq: [x, y]", rows)).containsExactly(true, true, true, false);
    }

    @Test
    void base64OfThreeAlignments() {
        assertThat(encoded("foo")).containsExactly("Zm9v", "Zvb", "mb2");
        assertThat(encoded("foobar")).containsExactly("Zm9vYmFy", "Zvb2Jhc", "mb29iYX");
        assertThat(encoded("f")).containsExactly("Z", "m");
    }

    private static List<String> encoded(String text) {
        return List.of("Zm9v", "Zvb", "mb2", "Zm9vYmFy", "Zvb2Jhc", "mb29iYX", "Z", "m", "Zg", "Y").stream()
                .filter(candidate -> fires("F|base64offset|cased: '" + text + "'", Map.of("F", candidate)))
                .toList();
    }

    @Test
    void utf16() {
        assertThat(fires("F|utf16|base64: 'a'", Map.of("F", "//5hAA=="))).isTrue();
        assertThat(fires("F|wide|base64: 'a'", Map.of("F", "YQA="))).isTrue();
        assertThat(fires("F|utf16be|base64: 'a'", Map.of("F", "AGE="))).isTrue();
    }

    @Test
    void dashes() {
        for (String dash : List.of("-", "/", "\u2013", "\u2014", "\u2015")) {
            assertThat(fires("F|windash: '-a'", Map.of("F", dash + "a"))).isTrue();
            assertThat(fires("F|windash: '/a'", Map.of("F", dash + "a"))).isTrue();
            assertThat(fires("F|windash: '--a'", Map.of("F", "-" + dash + "a"))).isTrue();
        }
        assertThat(fires("F|windash: 'x-a'", Map.of("F", "x/a"))).isFalse();
        assertThat(fires("F|windash: '- a'", Map.of("F", "/ a"))).isFalse();
        assertThat(fires("F|windash: '/a-b'", Map.of("F", "-a-b"))).isTrue();
        assertThat(fires("F|windash: '/a-b'", Map.of("F", "-a/b"))).isFalse();
        assertThat(fires("F|windash|contains|all: [' -a', ' -b']", Map.of("F", "x /a \u2013b")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "fe80::/10,fe80:0:0:0:9d1:2:3:4,true", "fe80::/10,fec0::1,false", "::1/128,127.0.0.1,false", "::/0,::1,true",
        "2001:db8::/32,2001:DB8::5,true", "10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,text,false", "0.0.0.0/0,::1,false",
        "127.0.0.1,127.0.0.1,true", "::ffff:10.0.0.0/104,::ffff:10.1.1.1,true"
    })
    void networks(String network, String value, boolean in) {
        assertThat(fires("F|cidr: '" + network + "'", Map.of("F", value))).isEqualTo(in);
    }

    @Test
    void references() {
        var event = Map.of("F", "C:\\ABC", "G", "c:\\abc", "H", "\\abc", "I", "C:", "J", "b");
        assertThat(fires("F|fieldref: G", event)).isTrue();
        assertThat(fires("F|fieldref|endswith: H", event)).isTrue();
        assertThat(fires("F|fieldref|startswith: I", event)).isTrue();
        assertThat(fires("F|fieldref|contains: J", event)).isTrue();
        assertThat(fires("F|fieldref|neq: H", event)).isTrue();
        assertThat(fires("F|fieldref: Missing", event)).isFalse();
    }

    @Test
    void dateParts() {
        var event = Map.of("F", "2026-01-02T03:04:05+09:00", "G", "1767323045", "H", "2021-01-03");
        assertThat(fires("F|hour: 3", event)).isTrue();
        assertThat(fires("F|minute|gte: 4", event)).isTrue();
        assertThat(fires("F|year|lt: 2026", event)).isFalse();
        assertThat(fires("G|day: 2", event)).isTrue();
        assertThat(fires("H|week: 53", event)).isTrue();
        assertThat(fires("H|hour: 0", event)).isFalse();
    }

    @Test
    void numbersAndTexts() {
        assertThat(fires("F: 1", Map.of("F", 1.0))).isTrue();
        assertThat(fires("F: '1'", Map.of("F", 1.0))).isFalse();
        assertThat(fires("F: 'true'", Map.of("F", true))).isTrue();
        assertThat(fires("F|contains: 46", Map.of("F", "4624"))).isTrue();
        assertThat(fires("F|lt: 10", Map.of("F", "9.5"))).isTrue();
        assertThat(fires("F|lt: 10", Map.of("F", "nine"))).isFalse();
    }

    @Test
    void lettersWithoutRegardToCase() {
        assertThat(fires("F: 'STRA\u1E9EE'", Map.of("F", "stra\u00DFe"))).isTrue();
        assertThat(fires("F: '\u03A3'", Map.of("F", "\u03C2"))).isTrue();
        assertThat(fires("F: 'k'", Map.of("F", "\u212A"))).isTrue();
        assertThat(fires("F: 'i'", Map.of("F", "\u0130"))).isFalse();
        assertThat(fires("F|cased: 'k'", Map.of("F", "K"))).isFalse();
    }

    @Test
    void placesOfFields() {
        assertThat(fires("a.b: x", Map.of("a.b", "x"))).isTrue();
        assertThat(fires("a.b: x", Map.of("a", List.of(Map.of("b", "y"), Map.of("b", "x")))))
                .isTrue();
        assertThat(fires("'New Value': x", Map.of("NewValue", "x"))).isTrue();
        assertThat(fires("F|contains|all: [a, b]", Map.of("F", List.of("a", "b"))))
                .isTrue();
        assertThat(fires("F|neq: a", Map.of("F", List.of("a", "b")))).isFalse();
    }

    @Test
    void placeholders() {
        var reader = new ReferenceReader((p, c, s, t, f) -> List.of(f), Map.of("who", List.of("adm*", "root")));
        var rule = reader.read(rule("  s: {F|expand: 'x%who%'}\n  condition: s"));
        assertThat(rule.matches(ReferenceEvent.of(Map.of("F", "xadm*")))).isTrue();
        assertThat(rule.matches(ReferenceEvent.of(Map.of("F", "xadmin")))).isFalse();
        assertThat(fires("F: '%who%'", Map.of("F", "%who%"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "notepad,true",
        "not nothing and notepad,true",
        "1 of them,true",
        "all of them,false",
        "1 of _*,true",
        "1 of *,true",
        "all of n*,false",
        "nothing or notepad and nothing,false",
        "(nothing or notepad) and not nothing,true",
        "any of not*,true"
    })
    void conditions(String condition, boolean fires) {
        var rule = rule("  notepad: {F: 1}\n  nothing: {F: 2}\n  _hid: {F: 1}\n  condition: " + condition);
        assertThat(ReferenceReader.plain().read(rule).matches(ReferenceEvent.of(Map.of("F", 1))))
                .isEqualTo(fires);
    }

    @Test
    void keywords() {
        var event = Map.<String, Object>of("a", "one", "b", Map.of("c", List.of("x TWO y")), "three", "z");
        assertThat(fires("'|all': [one, two]", event)).isTrue();
        assertThat(fires("'|all': [one, three]", event)).isFalse();
        assertThat(fires("'|re': '^x T'", event)).isTrue();
        assertThat(fires("'|startswith': TWO", event)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F|cidr: 10.0.0.1/8",
                "F|startswith|fieldref: G",
                "F|exists: 'true'",
                "F|gt: '4'",
                "F|gte|hour: 4",
                "F|wide: x",
                "F|base64: 'a*'",
                "F|expand: '%x%'",
                "F|contains|re: x",
                "F|i: x",
                "F|nonsense: x",
                "F|re: '('",
                "F: {a: b}",
                "F: []"
            })
    void refuses(String item) {
        assertThatThrownBy(() -> fires(item, Map.of())).isInstanceOf(NotSigmaException.class);
    }

    private static List<Boolean> verdicts(String item, List<Map<String, @Nullable Object>> events) {
        return events.stream().map(event -> fires(item, event)).toList();
    }

    private static Map<String, @Nullable Object> nullable(String key, @Nullable Object value) {
        var map = new HashMap<String, @Nullable Object>();
        map.put(key, value);
        return map;
    }

    private static boolean fires(String item, Map<String, ? extends @Nullable Object> event) {
        var lines = Arrays.stream(item.split("\n")).map(line -> "    " + line).toList();
        return ReferenceReader.plain()
                .read(rule("  s:\n" + String.join("\n", lines) + "\n  condition: s"))
                .matches(ReferenceEvent.of(event));
    }

    private static String rule(String detection) {
        return "title: T\nlogsource: {product: test}\ndetection:\n" + detection + "\n";
    }
}
