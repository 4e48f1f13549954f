package io.marsad.store.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.kernel.problem.ProblemException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "a | stats ! 10 ! a measure is expected after 'stats'",
                "a | ! 4 ! a stage is expected behind |",
                "a | stat count ! 5-8 ! did you mean 'stats'?",
                "a | table user ! 5-9 ! here it is 'fields'",
                "| stats cuont by user ! 9-13 ! did you mean 'count'?",
                "| stats sum by user ! 9-11 ! measures a field: sum(field)",
                "| stats sum(bytes by user ! 19-20 ! a ) is expected",
                "| stats count by ! 17 ! a field is expected after 'by'",
                "| stats count, count ! 21 ! two columns would be called 'count'",
                "| stats count by user | sort -cuont ! 31-35 ! did you mean 'count'?",
                "| stats count by user | where hits > 5 ! 31-34 ! there is no column 'hits'",
                "| stats count by span(time) ! 27 ! a comma and a duration are expected",
                "| stats perc(x, 100) ! 17-19 ! above 0 and below 100",
                "| timechart span=1x count ! 18-19 ! neither a number nor a duration",
                "| timechart span count ! 18-22 ! '=' is expected",
                "| timechart count, sum(x) by user ! 30-33 ! with 'by' timechart has one measure",
                "| top 0 user ! 7 ! a number of rows from 1 to 10000",
                "| top 5 ! 8 ! a field is expected after 'top'",
                "| head many ! 8-11 ! a number of rows",
                "| sort - ! 9 ! a field is expected after 'sort'",
                "| eval x ! 9 ! '=' and a value are expected",
                "| eval x = ! 11 ! a value is expected before the end",
                "| eval x = lwer(user) ! 12-15 ! did you mean 'lower'?",
                "| eval x = lower(user, host) ! 12-16 ! lower takes 1 values, not 2: lower(text)",
                "| eval x = (1 + 2 ! 18 ! a ) is missing for the ( at column 12",
                "| eval x = 1 + ! 15 ! a value is expected",
                "| eval x = matches(user, host) ! 26 ! a regular expression in quotes is expected",
                "| eval x = matches(user, \"(\") ! 26 ! missing",
                "| eval x = cidrmatch(\"10.0.0.0/99\", ip) ! 22 ! 10.0.0.0/99",
                "| rename user ! 14 ! 'as' and the new name",
                "| rename user as 5 ! 18 ! a name is expected after 'as'",
                "| lookup assets host ! 17-20 ! 'on' and a field",
                "| dedup user user ! 14-17 ! the next stage begins with |",
                "| where ! 8 ! a condition is expected",
                "| fields a, a ! 13 ! there twice",
                "between 2026-01-02 and 2026-01-01 ! 24-33 ! the end is not after the beginning",
                "between 2026-01-02 and soon ! 24-27 ! a day or a time is expected",
                "| eval x = 'open ! 12 ! never closed",
                "| eval x = user ; y ! 17 ! is not expected here",
            })
    void errorsPointAndSuggest(String text, String columns, String reason) {
        var error = catchThrowableOfType(ProblemException.class, () -> Query.parse(text));
        assertThat(error).as(text).isNotNull();
        assertThat(error.problem().type()).isEqualTo("invalid-query");
        var fault = error.problem().errors().getFirst();
        assertThat(fault.reason()).as(text).contains(reason);
        assertThat(fault.where()).as(text).isEqualTo("column " + columns);
    }

    @Test
    void theRangeIsReadAndWritten() {
        assertThat(Query.parse("last 24h user = root")).hasToString("last 1d user = root");
        assertThat(Query.parse("last 24h | stats count")).hasToString("last 1d | stats count");
        assertThat(Query.parse("between 2026-11-20 and 2026-11-21T12:00 root"))
                .hasToString("between 2026-11-20T00:00:00Z and 2026-11-21T12:00:00Z root");
        assertThat(Query.parse("last 24h").range(90_000_000)).isEqualTo(new Query.Span(3_600_000, 90_000_000));
        assertThat(Query.parse("\"last\" 24h").pipeline().range()).isNull();
        assertThat(Query.parse("last words").pipeline().range()).isNull();
    }

    @Test
    void conditionsRightBehindTheFilterBelongToIt() {
        var query = Query.parse("root | where host = a | where port > 5 | stats count");
        assertThat(query.predicate())
                .isEqualTo(Query.parse("root and host = a and port > 5").predicate());
        assertThat(query.stages()).hasSize(1);
    }

    @Test
    void tooMuchIsRefused() {
        for (var text : List.of(
                "| head".repeat(60),
                "| eval x = " + "(".repeat(5_000),
                "| eval x = " + "-".repeat(5_000) + "y",
                "| eval x = " + "1 + ".repeat(3_000) + "1",
                "| eval x = " + "not ".repeat(3_000) + "true",
                "| eval x = concat(" + "a,".repeat(100) + "a)",
                "| eval x = 1e999",
                "| stats " + "count as a, ".repeat(100) + "count")) {
            assertThat(catchThrowableOfType(ProblemException.class, () -> Query.parse(text)))
                    .as(text.substring(0, 10))
                    .isNotNull();
        }
    }

    @Test
    void whatIsPrintedReadsTheSame() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var queries = new RandomQueries(new Random(seed));
        for (int i = 0; i < 3_000; i++) {
            var pipeline = queries.pipeline();
            var text = StagePrinter.print(pipeline);
            var query = Query.parse(text);
            assertThat(query.pipeline()).as("seed %d: %s", seed, text).isEqualTo(pipeline);
            assertThat(query).hasToString(text);
        }
        assertThat(queries.kinds()).as("kinds of nodes that were made").isEqualTo(RandomQueries.ALL_KINDS);
    }

    @Test
    void nonsenseIsAnsweredWithAProblem() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        int understood = 0;
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder(StagePrinter.print(queries.pipeline()));
            for (int n = random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, " \"'`|(),=-*1aé\u0000\uD83D".charAt(random.nextInt(16)));
                    case 2 -> text.setLength(at);
                    default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
                }
            }
            try {
                var query = Query.parse(text.toString());
                assertThat(Query.parse(query.toString()).pipeline())
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(query.pipeline());
                understood++;
            } catch (ProblemException e) {
                assertThat(e.problem().type()).as("seed %d: %s", seed, text).isEqualTo("invalid-query");
            }
            var place = Completion.at(text.toString(), random.nextInt(text.length() + 1));
            assertThat(place.start()).as("seed %d: %s", seed, text).isLessThanOrEqualTo(place.end());
        }
        assertThat(understood).isGreaterThan(500);
    }
}
