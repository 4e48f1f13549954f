package io.marsad.respond.cacao;

import static io.marsad.respond.Examples.whole;
import static io.marsad.respond.Examples.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.Examples;
import io.marsad.respond.cacao.Finding.Severity;
import io.marsad.testkit.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PlaybookReaderTest {
    private static final String GOOD = """
            playbook_variables:
              __ip__: {type: ipv4-addr, external: true}
              __score__: {type: integer, value: "0"}
              __fixed__: {type: string, value: x, constant: true}
            workflow:
              start--1: {type: start, on_completion: action--1}
              action--1:
                type: action
                name: Look it up
                agent: group--1
                commands: [{type: manual, command: "Look up __ip__:value"}]
                in_args: [__ip__]
                out_args: [__score__]
                on_success: if-condition--1
              if-condition--1:
                type: if-condition
                name: Bad enough?
                condition: __score__:value > 80
                on_true: action--2
                on_completion: end--1
              action--2:
                type: action
                name: Block it
                agent: group--1
                commands: [{type: manual, command: "Block __ip__:value"}]
                step_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    action: block_ip
                    with: {ip: "__ip__:value", hours: 24}
                    retry: {max: 3, backoff: 2000}
                    approval: two
                on_completion: end--2
              end--1: {type: end}
              end--2: {type: end}
            """;

    @Test
    void readsWhatIsToBeDone() throws ContentException {
        var reading = Examples.READER.read("x.yaml", yaml(GOOD));
        assertThat(reading.findings()).isEmpty();
        var playbook = java.util.Objects.requireNonNull(reading.playbook());
        assertThat(playbook.workflow()).hasSize(6);
        var block = (Step.Action) playbook.step(whole("action--2"));
        var typed = java.util.Objects.requireNonNull(block.typed());
        assertThat(typed.action()).isEqualTo("block_ip");
        assertThat(typed.with())
                .hasEntrySatisfying(
                        "hours", hours -> assertThat(hours.intValue()).isEqualTo(24));
        assertThat(typed.approval()).isEqualTo(TypedAction.Approval.TWO);
        assertThat(typed.retry().pause(3)).hasSeconds(8);
        assertThat(playbook.step(whole("if-condition--1")).title()).isEqualTo("Bad enough?");
    }

    /** One thing is changed; what is said names the line of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            command: "Look up __ip__:value"  | command: "Look up __oops__:value" | ERROR   | 22 | there is no variable __oops__
            on_success: if-condition--1      | on_success: action--9             | ERROR   | 19 | names a step that is not there
            on_success: if-condition--1      | on_success: action--1             | ERROR   | 19 | leads back to 'Look it up'
            on_completion: end--2            | on_completion: action--1          | ERROR   | 33 | leads back to
            condition: __score__:value > 80  | condition: __score__:value >      | ERROR   | 29 | the condition cannot be read, column
            condition: __score__:value > 80  | condition: __ip__:value > 80      | ERROR   | 27 | cannot compare
            condition: __score__:value > 80  | condition: __none__:value > 80    | ERROR   | 27 | there is no variable __none__
            out_args: [__score__]            | out_args: [__fixed__]             | ERROR   | 19 | which is constant
            {type: integer, value: "0"}      | {type: integer, value: "nought"}  | ERROR   | 14 | holds a whole number, not 'nought'
            {type: integer, value: "0"}      | {type: integer, value: 0}         | ERROR   | 14 | values are texts: "0"
            {type: integer, value: "0"}      | {type: number}                    | ERROR   | 14 | is no type of variables
            type: if-condition               | type: if-conditon                 | ERROR   | 27 | is no type of steps (did you mean 'if-condition'?)
            on_success: if-condition--1      | on_sucess: if-condition--1        | WARNING | 25 | (did you mean 'on_success'?)
            agent: group--1                  | agent: group--7                   | ERROR   | 19 | names an agent that is not defined
            approval: two                    | approval: three                   | ERROR   | 42 | is none, one or two
            retry: {max: 3, backoff: 2000}   | retry: {max: 300}                 | ERROR   | 41 | a whole number from 0 to 10
            type: manual, command: "Look     | type: ssh, command: "Look         | WARNING | 22 | nothing here carries out a command of type ssh
            on_completion: end--2            | description: no end               | WARNING | 33 | leads to no end step
            in_args: [__ip__]                | in_args: [__score__]              | WARNING | 22 | is read and is none of the step's 'in_args'
            """)
    void saysWhatIsWrongAndWhere(String right, String wrong, Severity severity, int line, String reason)
            throws ContentException {
        var text = yaml(GOOD.replaceFirst(
                java.util.regex.Pattern.quote(right), java.util.regex.Matcher.quoteReplacement(wrong)));
        var reading = Examples.READER.read("x.yaml", text);
        assertThat(reading.findings()).as(reading.findings().toString()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.problem().line()).isEqualTo(line);
            assertThat(finding.problem().reason()).contains(reason);
        });
        assertThat(reading.playbook() == null).isEqualTo(severity == Severity.ERROR);
    }

    @Test
    void aSecretIsNoContent() throws ContentException {
        var secret = """
                authentication_info_definitions:
                  http-basic--1: {type: http-basic, user_id: a, password: hunter2}
                """;
        var reading = Examples.READER.read("x.yaml", yaml(GOOD + secret));
        assertThat(reading.errors())
                .singleElement()
                .asString()
                .contains("keep it in the vault")
                .doesNotContain("hunter2");
        var named = secret.replace("password: hunter2", "password: key, kms: true");
        assertThat(Examples.READER.read("x.yaml", yaml(GOOD + named)).findings())
                .isEmpty();
    }

    @Test
    void jsonIsToldItsLinesToo() throws ContentException {
        var json = PlaybookText.read("x.yaml", yaml(GOOD)).json();
        assertThat(Examples.READER.read("x.json", json).findings()).isEmpty();
        var broken = json.replace("\"type\" : \"if-condition\"", "\"type\": \"if-else\"")
                .replace("\"type\": \"if-condition\"", "\"type\": \"if-else\"");
        var errors = Examples.READER.read("x.json", broken).errors();
        int line = (int) broken.substring(0, broken.indexOf("if-else")).lines().count();
        assertThat(errors).anyMatch(error -> error.problem().line() == line);
        assertThatThrownBy(() -> PlaybookText.read("x.json", "{\n\"a\": 1,\n\"a\": 2}"))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining("x.json:3");
        assertThatThrownBy(() -> PlaybookText.read("x.json", "{\"a\": 1"))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining("not JSON");
    }

    /** Whatever stands in it, known or not: JSON to YAML and back is the same, byte for byte. */
    @Test
    void nothingIsLostBetweenJsonAndYaml() throws ContentException {
        var random = Seed.of("PlaybookReaderTest").random();
        var mapper = JsonMapper.builder().build();
        for (int i = 0; i < 1_000; i++) {
            var object = mapper.createObjectNode();
            fill(random, object, 0);
            object.put("last", 1);
            var first = PlaybookText.read("a.json", object.toString());
            var yaml = first.yaml();
            var second = PlaybookText.read("a.yaml", yaml);
            assertThat(second.json()).as(yaml).isEqualTo(first.json());
            assertThat(second.canonical()).isEqualTo(first.canonical());
            assertThat(PlaybookText.read("a.json", first.json()).yaml()).isEqualTo(yaml);
        }
    }

    private static void fill(SplittableRandom random, tools.jackson.databind.node.ObjectNode object, int depth) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            var name = "k" + i + text(random);
            switch (random.nextInt(depth > 3 ? 5 : 7)) {
                case 0 -> object.put(name, text(random));
                case 1 -> object.put(name, random.nextLong());
                case 2 -> object.put(name, random.nextBoolean());
                case 3 -> object.putNull(name);
                case 4 -> object.put(name, java.math.BigDecimal.valueOf(random.nextInt(), random.nextInt(1, 9)));
                case 5 -> fill(random, object.putObject(name), depth + 1);
                default -> {
                    var array = object.putArray(name);
                    for (int n = random.nextInt(3); n > 0; n--) {
                        array.add(text(random));
                        fill(random, array.addObject(), depth + 1);
                    }
                }
            }
        }
    }

    private static String text(SplittableRandom random) {
        var pieces = List.of(
                "true",
                "no",
                "~",
                "null",
                "1.0",
                "0x1F",
                "- a",
                "a: b",
                "# x",
                "'q'",
                "\"",
                "\n",
                "\n\n",
                " ",
                "\t",
                "é",
                "\u2028",
                "😀",
                "\u0000",
                "\\",
                "%",
                "@",
                "`",
                "|",
                ">",
                "{",
                "}",
                "[",
                "2026-11-22",
                "<<",
                "=",
                "\r",
                "line one\nline two",
                "x",
                "\u0085",
                "\u00a0",
                "?",
                "---",
                "...",
                "&a",
                "*a",
                "!t",
                ",");
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    @Test
    void canonicalNamesAreInOrderOfTheirUnits() throws ContentException {
        var text = PlaybookText.read(
                "x",
                "{\"\\u20ac\": 1, \"\\r\": 2, \"1\": 3, \"\\ud83d\\ude00\": 4, \"\\u0080\": 5, \"\\ufb33\": [true,null]}");
        assertThat(text.canonical())
                .isEqualTo("{\"\\r\":2,\"1\":3,\"\u0080\":5,\"\u20ac\":1,\"\ud83d\ude00\":4,\"\ufb33\":[true,null]}");
    }
}
