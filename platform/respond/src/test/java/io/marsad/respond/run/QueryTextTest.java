package io.marsad.respond.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.store.query.Query;
import io.marsad.testkit.Seed;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class QueryTextTest {
    /** By the rules of docs/reference/query-language.md: what is in quotes stays one text. */
    @Test
    void valuesInQueriesStayTexts() {
        var evil = "x\" or user = \"*' or 'a\\";
        UnaryOperator<String> value = name -> evil;
        assertThat(QueryText.fill("user = \"__u__:value\" and a", value))
                .isEqualTo("user = \"x\\\" or user = \\\"\\*' or 'a\\\\\" and a");
        assertThat(QueryText.fill("user = '__u__:value'", value)).isEqualTo("user = 'x\" or user = \"*'' or ''a\\'");
        assertThat(QueryText.fill("user = __u__:value | head 1", value))
                .isEqualTo("user = 'x\" or user = \"*'' or ''a\\' | head 1");
        assertThat(QueryText.fill("m = \"it\\\"s __u__:value\"", name -> "a*")).isEqualTo("m = \"it\\\"s a\\*\"");
    }

    /** The language itself reads one comparison with one text, whatever the value is. */
    @Test
    void theLanguageSeesOneTextWhateverItSays() {
        var random = Seed.of("QueryTextTest").random();
        var pieces = List.of(
                "\"", "'", "''", "\\", "*", "?", " or ", " and ", "|", "head 1", "(", ")", "=", "user", ",", "`", "\n",
                "é", "x");
        for (int i = 0; i < 5_000; i++) {
            var value = new StringBuilder("v");
            for (int n = random.nextInt(8); n > 0; n--) {
                value.append(pieces.get(random.nextInt(pieces.size())));
            }
            for (var quoted : List.of("\"a __v__:value b\"", "'a __v__:value b'", "__v__:value")) {
                var query = QueryText.fill(
                        "process.cmd_line = " + quoted + " and severity_id = 4", name -> value.toString());
                var read = Query.parse(query).predicate();
                assertThat(read).as(query).isInstanceOf(Predicate.And.class);
                var all = ((Predicate.And) read).all();
                assertThat(all).as(query).hasSize(2);
                assertThat(all.getFirst()).as(query).isInstanceOf(Predicate.Text.class);
                var expected = quoted.startsWith("_") ? value.toString() : "a " + value + " b";
                assertThat(((Predicate.Text) all.getFirst()).glob()).as(query).isEqualTo(Glob.literal(expected));
            }
        }
    }
}
