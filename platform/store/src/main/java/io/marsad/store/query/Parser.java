package io.marsad.store.query;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.store.query.Lexer.Kind;
import io.marsad.store.query.Lexer.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Recursive descent: or, and (also unwritten), not, condition. */
final class Parser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_CONDITIONS = 2_000;

    private final Lexer lexer;
    private final Conditions conditions;
    private int depth;
    private int count;

    Parser(String text) {
        this.lexer = new Lexer(text);
        this.conditions = new Conditions(lexer);
    }

    int position() {
        return lexer.position();
    }

    void seek(int to) {
        lexer.seek(to);
    }

    /** The range that the query begins with, or null. To search for these words they go into quotes. */
    @Nullable
    Range range() throws Invalid {
        var first = lexer.next();
        if (isWord(first, "last")) {
            var value = lexer.value();
            long millis = value.kind() == Kind.WORD ? Durations.read(value.text()) : -1;
            if (millis > 0) {
                return new Range.Last(millis);
            }
        }
        if (isWord(first, "between")) {
            var value = lexer.value();
            var from = Durations.instant(value.text());
            if (value.kind() == Kind.WORD && from != null) {
                return upTo(from);
            }
        }
        lexer.back(first);
        return null;
    }

    private Range upTo(Instant from) throws Invalid {
        var and = lexer.next();
        if (!isWord(and, "and")) {
            throw new Invalid(and, "'and' and the end are expected: between 2026-11-20 and 2026-11-21T12:00:00Z");
        }
        var value = lexer.value();
        var to = value.kind() == Kind.WORD ? Durations.instant(value.text()) : null;
        if (to == null) {
            throw new Invalid(value, "a day or a time is expected, such as 2026-11-21 or 2026-11-21T12:00:00Z");
        }
        if (!from.isBefore(to)) {
            throw new Invalid(value, "the end is not after the beginning");
        }
        return new Range.Between(from.toEpochMilli(), to.toEpochMilli());
    }

    /** Everything up to the next stage or the end. */
    Expression filter(Scope scope) throws Invalid {
        conditions.within(scope);
        var first = lexer.next();
        lexer.back(first);
        if (first.kind() == Kind.END || first.kind() == Kind.PIPE) {
            return Expression.Everything.EVERYTHING;
        }
        var expression = or();
        var rest = lexer.next();
        return switch (rest.kind()) {
            case END, PIPE -> {
                lexer.back(rest);
                yield expression;
            }
            case CLOSE -> throw new Invalid(rest, "this ) closes nothing");
            case OPEN, COMMA, OPERATOR, WORD, QUOTED, NAME ->
                throw new Invalid(rest, "'" + rest.text() + "' is not expected here");
        };
    }

    private Expression or() throws Invalid {
        var any = new ArrayList<Expression>();
        any.add(and());
        while (taken("or")) {
            any.add(and());
        }
        return any.size() == 1 ? any.getFirst() : Expression.or(any);
    }

    private Expression and() throws Invalid {
        var all = new ArrayList<Expression>();
        all.add(not());
        while (true) {
            if (!taken("and")) {
                var token = lexer.next();
                lexer.back(token);
                boolean begins = switch (token.kind()) {
                    case OPEN, QUOTED, NAME -> true;
                    case WORD -> !isWord(token, "or");
                    case OPERATOR, END, CLOSE, COMMA, PIPE -> false;
                };
                if (!begins) {
                    return all.size() == 1 ? all.getFirst() : Expression.and(all);
                }
            }
            all.add(not());
        }
    }

    private Expression not() throws Invalid {
        if (!taken("not")) {
            return primary();
        }
        nest(lexer.position());
        var of = not();
        depth--;
        return new Expression.Not(of);
    }

    private Expression primary() throws Invalid {
        var token = lexer.next();
        if (++count > MAX_CONDITIONS) {
            throw new Invalid(token, "a query has at most " + MAX_CONDITIONS + " conditions");
        }
        return switch (token.kind()) {
            case OPEN -> {
                nest(token.start());
                var inner = or();
                var close = lexer.next();
                if (close.kind() != Kind.CLOSE) {
                    throw new Invalid(close, "a ) is missing for the ( at column " + (token.start() + 1));
                }
                depth--;
                yield inner;
            }
            case NAME -> conditions.onField(token);
            case QUOTED -> words(token);
            case WORD -> {
                if (isWord(token, "and") || isWord(token, "or")) {
                    throw new Invalid(
                            token,
                            "a condition is missing before '" + token.text() + "'; quote it to search for the word");
                }
                yield conditions.startsHere(token) ? conditions.onField(token) : words(token);
            }
            case OPERATOR -> throw new Invalid(token, "a field is missing before '" + token.text() + "'");
            case END -> throw new Invalid(token, "a condition is missing at the end");
            case CLOSE, COMMA, PIPE -> throw new Invalid(token, "a condition is missing before '" + token.text() + "'");
        };
    }

    private static Expression words(Token token) throws Invalid {
        if (token.text().equals("&&") || token.text().equals("||")) {
            throw new Invalid(token, "'" + token.text() + "' is written 'and' or 'or'");
        }
        if (token.glob().parts().isEmpty()) {
            throw new Invalid(token, "there is nothing between the quotes");
        }
        boolean everything = token.kind() == Kind.WORD && token.glob().shape() == Glob.Shape.ANYTHING;
        return everything ? Expression.Everything.EVERYTHING : new Expression.Words(token.glob());
    }

    private void nest(int at) throws Invalid {
        if (++depth > MAX_DEPTH) {
            throw new Invalid(at, "conditions are nested more than " + MAX_DEPTH + " deep");
        }
    }

    /** Consumes the keyword when it is what comes next. */
    private boolean taken(String keyword) throws Invalid {
        var token = lexer.next();
        if (isWord(token, keyword)) {
            return true;
        }
        lexer.back(token);
        return false;
    }

    static boolean isWord(Token token, String keyword) {
        return token.kind() == Kind.WORD
                && !token.colon()
                && token.text().toLowerCase(Locale.ROOT).equals(keyword);
    }

    /** What may follow a field. */
    static final List<String> OPERATOR_WORDS = List.of(
            "contains",
            "contains_cs",
            "startswith",
            "startswith_cs",
            "endswith",
            "endswith_cs",
            "like",
            "like_cs",
            "matches",
            "matches_cs",
            "in",
            "in_cs",
            "between",
            "exists",
            "is");

    static Comparison comparison(String operator) {
        return switch (operator) {
            case "<" -> Comparison.LESS;
            case "<=" -> Comparison.LESS_OR_EQUAL;
            case ">" -> Comparison.GREATER;
            case ">=" -> Comparison.GREATER_OR_EQUAL;
            default -> Comparison.EQUAL;
        };
    }

    static String suggestOperator(String word) {
        return Suggestion.among(word.toLowerCase(Locale.ROOT), OPERATOR_WORDS.toArray(String[]::new));
    }
}
