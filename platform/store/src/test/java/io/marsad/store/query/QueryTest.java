package io.marsad.store.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.store.query.Expression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
    private static final Field NAME = Field.of("process.name");
    private static final Field OTHER = Field.of("actor.process.name");

    @Test
    void wordsAndPhrasesAreFoundAnywhere() {
        assertThat(Query.parse("mimikatz").predicate())
                .isEqualTo(new Predicate.Text(Predicate.ANYWHERE, Glob.contains("mimikatz"), false));
        assertThat(Query.parse("\"two words\" third").predicate())
                .isEqualTo(new Predicate.And(List.of(
                        new Predicate.Text(Predicate.ANYWHERE, Glob.contains("two words"), false),
                        new Predicate.Text(Predicate.ANYWHERE, Glob.contains("third"), false))));
        assertThat(Query.parse("  ").predicate()).isEqualTo(Predicate.EVERYTHING);
        assertThat(Query.parse("*").predicate()).isEqualTo(Predicate.EVERYTHING);
    }

    @Test
    void severalSlotsAreAnyOf() {
        assertThat(Query.parse("process = cmd.exe").predicate())
                .isEqualTo(new Predicate.Or(List.of(
                        new Predicate.Text(NAME, Glob.literal("cmd.exe"), false),
                        new Predicate.Text(OTHER, Glob.literal("cmd.exe"), false))));
        assertThat(Query.parse("process != cmd.exe").predicate()).isInstanceOf(Predicate.Not.class);
        assertThat(Query.parse("CommandLine exists").predicate())
                .isEqualTo(new Predicate.Or(List.of(
                        new Predicate.Exists(Field.of("CommandLine")),
                        new Predicate.Exists(Field.unmapped("CommandLine")))));
    }

    @Test
    void bindingIsNotThenAndThenOr() {
        assertThat(Query.parse("a or b not c AND d").toString()).isEqualTo("a or b and not c and d");
        assertThat(Query.parse("(a or b) (not (c and d))").toString()).isEqualTo("(a or b) and not (c and d)");
        assertThat(Query.parse("login not admin").toString()).isEqualTo("login and not admin");
    }

    @Test
    void captionsBecomeNumbers() {
        assertThat(Query.parse("severity = High").predicate())
                .isEqualTo(new Predicate.Text(Field.of("severity_id"), Glob.literal("4"), false));
        assertThat(Query.parse("severity >= high").predicate())
                .isEqualTo(new Predicate.Number(Field.of("severity_id"), Comparison.GREATER_OR_EQUAL, 4));
        assertThat(Query.parse("class:process_activity").predicate())
                .isEqualTo(new Predicate.Text(Field.of("class_uid"), Glob.literal("1007"), false));
    }

    @Test
    void pathsUrlsAndAddressesAreTakenAsTheyStand() {
        assertThat(Query.parse("C:\\Windows\\explorer.exe").filter()).isEqualTo(words("C:\\Windows\\explorer.exe"));
        assertThat(Query.parse("http://evil.example/a?b").filter()).isInstanceOf(Expression.Words.class);
        assertThat(Query.parse("00:1a:2b:3c:4d:5e").filter()).isEqualTo(words("00:1a:2b:3c:4d:5e"));
        assertThat(Query.parse("fe80::1").filter()).isEqualTo(words("fe80::1"));
        assertThat(Query.parse("10:15:00").filter()).isEqualTo(words("10:15:00"));
        assertThat(Query.parse("ip:10.0.0.0/8").predicate())
                .asString()
                .contains("Cidr")
                .contains("10.0.0.0/8");
        assertThat(Query.parse("image = \"C:\\Users\\*\\a.exe\"").filter())
                .isEqualTo(compare("image", "C:\\Users*\\a.exe"));
        assertThat(Query.parse("image = 'C:\\Users\\*\\a''.exe'").filter())
                .isEqualTo(compare("image", "C:\\Users\\*\\a'.exe"));
    }

    private static Expression words(String text) {
        return new Expression.Words(Glob.literal(text));
    }

    private static Expression compare(String field, String literal) {
        return new Expression.Compare(field, Operator.EQUALS, false, List.of(Glob.literal(literal)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "user = | 7 | a value is expected after '='",
                "(a or b | 8 | a ) is missing for the ( at column 1",
                "a) | 2 | this ) closes nothing",
                "\"open | 1 | is never closed",
                "and b | 1 | a condition is missing before 'and'",
                "a or | 5 | a condition is missing at the end",
                "= 5 | 1 | a field is missing before '='",
                "severity = hihg | 12 | did you mean 'high'?",
                "severity > hgih | 12 | did you mean 'high'?",
                "class = proces_activity | 9 | did you mean 'process_activity'?",
                "cmd contians x | 5 | did you mean 'contains'?",
                "process.pid > many | 15 | 'many' is not a number",
                "ip in cidr(\"10.0.0.0/33\") | 12 | the prefix of this network is 0 to 32",
                "ip in cidr(\"elsewhere\") | 12 | is not a network",
                "cmd ~ \"(\" | 7 | not a regular expression",
                "failed in production | 11 | a list in parentheses is expected",
                "port in (80 443) | 13 | a comma or ) is expected",
                "user is empty | 9 | only 'null' or 'not null'",
                "a && b | 3 | is written 'and' or 'or'",
                "a ¦ b | 5 | there is no stage 'b'",
                "a b=c=d \"\" | 9 | nothing between the quotes",
                "port between 1 or 2 | 16 | 'and' and the upper end",
                "user not = x | 10 | a field is missing",
            })
    void errorsPointAndSuggest(String text, int column, String reason) {
        var query = text.replace('¦', '|');
        var error = catchThrowableOfType(ProblemException.class, () -> Query.parse(query));
        assertThat(error).as(query).isNotNull();
        assertThat(error.problem().type()).isEqualTo("invalid-query");
        assertThat(error.problem().errors()).hasSize(1);
        assertThat(error.problem().errors().getFirst().where()).matches("column " + column + "(-[0-9]+)?");
        assertThat(error.problem().errors().getFirst().reason()).contains(reason);
    }

    @Test
    void deepAndLongQueriesAreRefused() {
        for (String text :
                List.of("(".repeat(5000), "not ".repeat(4000) + "a", "a ".repeat(3000), "a".repeat(20_000))) {
            assertThat(catchThrowableOfType(ProblemException.class, () -> Query.parse(text)))
                    .isNotNull();
        }
    }

    @Test
    void whatIsPrintedReadsTheSame() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            var expression = expression(random, 4);
            var text = Printer.print(expression);
            var query = Query.parse(text);
            assertThat(query.filter()).as("seed %d: %s", seed, text).isEqualTo(expression);
            assertThat(query).hasToString(text);
        }
    }

    @Test
    void nonsenseIsAnsweredWithAProblem() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var pieces = List.of(
                "and",
                "or",
                "not",
                "(",
                ")",
                "\"",
                "'",
                "`",
                "=",
                "!=",
                "~",
                "in",
                "cidr",
                "host",
                "a.b",
                "*",
                "?",
                "\\",
                ",",
                "|",
                ":",
                "is",
                "null",
                "between",
                "1",
                "10.0.0.0/8",
                " ",
                "é",
                "\uD83D\uDE00",
                "severity",
                "high");
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(10); n >= 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size()))).append(random.nextBoolean() ? " " : "");
            }
            try {
                var query = Query.parse(text.toString());
                assertThat(Query.parse(query.toString()).filter())
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(query.filter());
                understood++;
            } catch (ProblemException e) {
                assertThat(e.problem().type()).isEqualTo("invalid-query");
            }
        }
        assertThat(understood).isGreaterThan(100);
    }

    private static Expression expression(Random random, int depth) {
        int kind = depth == 0 ? 3 + random.nextInt(6) : random.nextInt(9);
        Supplier<List<Expression>> parts = () -> Stream.generate(() -> expression(random, depth - 1))
                .limit(2 + random.nextInt(2))
                .toList();
        return switch (kind) {
            case 0 -> Expression.and(parts.get());
            case 1 -> Expression.or(parts.get());
            case 2 -> new Expression.Not(expression(random, depth - 1));
            case 3 -> new Expression.Words(glob(random, true));
            case 4 -> comparison(random);
            case 5 -> new Expression.Matches(field(random), regex(random), random.nextBoolean());
            case 6 ->
                new Expression.Measure(
                        field(random),
                        Comparison.values()[1 + random.nextInt(4)],
                        random.nextBoolean() ? random.nextInt(100) - 50 : random.nextGaussian() * 1e9);
            case 7 ->
                random.nextBoolean() ? new Expression.Exists(field(random)) : new Expression.IsNull(field(random));
            default ->
                new Expression.InNetwork(
                        field(random), List.of("10.0.0.0/8", "fe80::/10").subList(0, 1 + random.nextInt(2)));
        };
    }

    private static Expression comparison(Random random) {
        var operator = Operator.values()[random.nextInt(4)];
        int values = operator == Operator.EQUALS ? 1 + random.nextInt(3) : 1;
        var globs = new ArrayList<Glob>();
        for (int i = 0; i < values; i++) {
            globs.add(glob(random, false));
        }
        return new Expression.Compare(field(random), operator, random.nextBoolean(), globs);
    }

    private static String field(Random random) {
        return List.of("host", "process.cmd_line", "unmapped.Odd name (x)", "a`b", "not", "CommandLine", "x:y")
                .get(random.nextInt(7));
    }

    private static String regex(Random random) {
        return List.of("a+", "it's \"x\"", "\\\\\\.", "^C:\\\\Users", "[é]\\d{2}$")
                .get(random.nextInt(5));
    }

    private static final Set<String> LITERALS = Set.of(
            "a",
            "and",
            "OR",
            "not",
            "contains",
            "in",
            "x y",
            "\\",
            "\\\\",
            "\"",
            "'",
            "*",
            "?",
            "a:b",
            "(x)",
            "é\uD83D\uDE00",
            "a|b",
            "10.0.0.0/8",
            "-",
            "\n",
            "C:\\Temp\\");

    private static Glob glob(Random random, boolean notEmpty) {
        var literals = LITERALS.stream().sorted().toList();
        var parts = new ArrayList<Glob.Part>();
        for (int n = random.nextInt(3) + (notEmpty ? 1 : 0); n > 0; n--) {
            parts.add(
                    switch (random.nextInt(4)) {
                        case 0 -> Glob.Part.Wild.ANY;
                        case 1 -> Glob.Part.Wild.ONE;
                        default -> new Glob.Part.Literal(literals.get(random.nextInt(literals.size())));
                    });
        }
        var glob = new Glob(parts);
        // In a list this text is read as a network, so that no list of texts has it.
        return glob.shape() == Glob.Shape.EQUALS && glob.text().equals("10.0.0.0/8") ? Glob.literal("x") : glob;
    }

    @Test
    void aRangeHoldsForOneFieldOfAShortName() {
        Function<String, Predicate> inRange = name -> Predicate.and(List.of(
                new Predicate.Number(Field.of(name), Predicate.Comparison.GREATER_OR_EQUAL, 3),
                new Predicate.Number(Field.of(name), Predicate.Comparison.LESS_OR_EQUAL, 5)));
        var query = Query.parse("pid between 3 and 5");
        assertThat(query.predicate())
                .isEqualTo(Predicate.or(List.of(inRange.apply("process.pid"), inRange.apply("actor.process.pid"))));
        assertThat(query).hasToString("pid between 3 and 5");
    }
}
