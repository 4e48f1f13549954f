package io.marsad.respond.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.respond.condition.Condition.Value;
import io.marsad.respond.variable.VariableType;
import io.marsad.testkit.Seed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final Map<String, Value> VALUES = new HashMap<>(Map.of(
            "__score__", new Value(VariableType.INTEGER, "85"),
            "__ratio__", new Value(VariableType.FLOAT, "0.5"),
            "__verdict__", new Value(VariableType.STRING, "malicious"),
            "__ip__", new Value(VariableType.IPV4, "10.1.2.3"),
            "__six__", new Value(VariableType.IPV6, "2001:db8::5"),
            "__sha__", new Value(VariableType.HASH, "AbCd12"),
            "__open__", new Value(VariableType.BOOL, "true"),
            "__link__", new Value(VariableType.URI, "HTTPS://Example.org/a/../b"),
            "__mac__", new Value(VariableType.MAC, "00-11-22-aa-bb-cc"),
            "__none__", new Value(VariableType.STRING, null)));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            __score__:value >= 85                                        | true
            __score__:value > 85                                         | false
            [__score__:value = 85.0]                                     | true
            __score__:value IN (1, 85, 3)                                | true
            __score__:value NOT IN (1, 3)                                | true
            __ratio__:value < .6                                         | true
            __verdict__:value = 'malicious' AND __score__:value > 80   | true
            __verdict__:value != 'malicious' OR __score__:value < 80   | false
            NOT __verdict__:value = 'clean' AND __open__:value = true  | true
            NOT (__open__:value = true OR __score__:value = 1)           | false
            __score__:value = 1 AND __score__:value = 2 OR __open__:value = true | true
            __verdict__:value LIKE 'mal%s'                             | true
            __verdict__:value LIKE 'm_l%'                              | true
            __verdict__:value LIKE 'm.l%'                              | false
            __verdict__:value MATCHES '^mal.*$'                        | true
            __ip__:value IN ('10.0.0.0/8', '192.0.2.1')              | true
            __ip__:value ISSUBSET '10.1.2.0/30'                        | true
            __ip__:value ISSUBSET '10.1.3.0/24'                        | false
            __ip__:value = '10.1.2.3'                                  | true
            __six__:value ISSUBSET '2001:db8::/32'                     | true
            __sha__:value = 'aBcD12'                                   | true
            __link__:value = 'https://example.org/b'                   | true
            __mac__:value = '00:11:22:AA:BB:CC'                        | true
            EXISTS __verdict__:value                                     | true
            EXISTS __none__:value                                        | false
            NOT EXISTS __none__:value OR __none__:value = 'x'          | true
            __ip__:value = __ip__:value                                  | true
            """)
    void holds(String condition, boolean expected) throws ConditionException {
        var parsed = Condition.parse(condition);
        assertThat(parsed.faults(name -> {
                    var value = VALUES.get(name);
                    return value == null ? null : value.type();
                }))
                .isEmpty();
        assertThat(parsed.holds(VALUES::get)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            __score__:value                 | column 16: one of = !=
            __score__ > 3                   | column 1: a variable such as
            score > 3                       | column 1: a variable such as
            __score__:value > 3 AND         | column 24: a variable such as
            __score__:value > 3 __a__:value | AND, OR or the end
            (__score__:value > 3            | ')' is expected
            __verdict__:value = 'x         | no closing
            __score__:value IN 3            | '(' is expected
            """)
    void saysWhereItCannotBeRead(String condition, String reason) {
        assertThatThrownBy(() -> Condition.parse(condition))
                .isInstanceOf(ConditionException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            __gone__:value = 1                  | there is no variable __gone__
            __score__:value = 'high'          | 'high' is not a whole number
            __open__:value > true               | cannot compare
            __ip__:value = '10.0.0'           | is not an IPv4 address
            __verdict__:value MATCHES '('     | no regular expression
            """)
    void saysWhatMakesNoSense(String condition, String reason) throws ConditionException {
        var faults = Condition.parse(condition).faults(name -> {
            var value = VALUES.get(name);
            return value == null ? null : value.type();
        });
        assertThat(faults).singleElement().asString().contains(reason);
    }

    @Test
    void whatIsNotKnownIsNeitherTrueNorFalse() throws ConditionException {
        var condition = Condition.parse("__none__:value = 'x'");
        assertThatThrownBy(() -> condition.holds(VALUES::get)).hasMessageContaining("has no value");
    }

    @Test
    void deepAndLongOnesEnd() {
        assertThatThrownBy(() -> Condition.parse("(".repeat(5_000))).hasMessageContaining("nested deeper");
        assertThatThrownBy(() -> Condition.parse(" ".repeat(9_000))).hasMessageContaining("longer");
    }

    /** Against a second reading of the same tree. */
    @Test
    void randomTreesMeanWhatTheirPartsMean() throws ConditionException {
        var random = Seed.of("ConditionTest").random();
        for (int i = 0; i < 3_000; i++) {
            var numbers = Map.of("__a__", random.nextInt(4), "__b__", random.nextInt(4));
            var text = new StringBuilder();
            boolean expected = write(random, numbers, text, 0);
            boolean holds = Condition.parse(text.toString())
                    .holds(name -> new Value(VariableType.INTEGER, String.valueOf(numbers.get(name))));
            assertThat(holds).as(text.toString()).isEqualTo(expected);
        }
    }

    private static boolean write(SplittableRandom random, Map<String, Integer> numbers, StringBuilder to, int depth) {
        int kind = depth > 4 ? 0 : random.nextInt(4);
        if (kind == 0) {
            var name = random.nextBoolean() ? "__a__" : "__b__";
            int literal = random.nextInt(4);
            int value = numbers.getOrDefault(name, 0);
            int operator = random.nextInt(4);
            to.append(name)
                    .append(":value ")
                    .append(List.of("=", "!=", "<", ">=").get(operator));
            to.append(' ').append(literal);
            return operator == 0
                    ? value == literal
                    : operator == 1 ? value != literal : operator == 2 ? value < literal : value >= literal;
        }
        if (kind == 1) {
            to.append("NOT (");
            boolean inner = write(random, numbers, to, depth + 1);
            to.append(')');
            return !inner;
        }
        to.append('(');
        boolean left = write(random, numbers, to, depth + 1);
        to.append(kind == 2 ? ") AND (" : ") OR (");
        boolean right = write(random, numbers, to, depth + 1);
        to.append(')');
        return kind == 2 ? left && right : left || right;
    }
}
