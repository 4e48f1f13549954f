package io.marsad.store.query;

import com.google.re2j.Pattern;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import io.marsad.store.query.Tokens.Kind;
import io.marsad.store.query.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code eval} computes, by how tightly operators bind. */
final class ValueParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 2_000;
    private static final int MAX_PATTERN = 1_000;

    private final Tokens tokens;
    private final Scope scope;
    private int depth;
    private int nodes;

    ValueParser(Tokens tokens, Scope scope) {
        this.tokens = tokens;
        this.scope = scope;
    }

    Value parse() throws Invalid {
        return parse(0);
    }

    private Value parse(int binds) throws Invalid {
        enter();
        var left = prefix();
        while (true) {
            var token = tokens.next();
            var operator = operator(token);
            if (operator == null || operator.binds() < binds) {
                tokens.back(token);
                depth--;
                return left;
            }
            left = new Value.Pair(operator, left, parse(operator.binds() + 1));
        }
    }

    private void enter() throws Invalid {
        if (++nodes > MAX_NODES) {
            throw new Invalid(tokens.position(), "a query computes at most " + MAX_NODES + " values");
        }
        if (++depth > MAX_DEPTH) {
            throw new Invalid(tokens.position(), "values are nested more than " + MAX_DEPTH + " deep");
        }
    }

    private static Value.@Nullable Operator operator(Token token) {
        if (token.kind() != Kind.SIGN && (token.kind() != Kind.NAME || token.quoted())) {
            return null;
        }
        for (var operator : Value.Operator.values()) {
            if (token.text().equalsIgnoreCase(operator.word())) {
                return operator;
            }
        }
        return null;
    }

    private Value prefix() throws Invalid {
        var token = tokens.next();
        return switch (token.kind()) {
            case NUMBER -> number(token, "");
            case SPAN -> new Value.Span(Durations.read(token.text()));
            case TEXT -> new Value.Text(token.text());
            case NAME -> named(token);
            case OPEN -> {
                var inner = parse(0);
                var close = tokens.next();
                if (close.kind() != Kind.CLOSE) {
                    throw new Invalid(close, "a ) is missing for the ( at column " + (token.start() + 1));
                }
                yield inner;
            }
            case SIGN -> {
                if (!token.text().equals("-")) {
                    throw new Invalid(token, "a value is expected before '" + token.text() + "'");
                }
                var number = tokens.next();
                if (number.kind() == Kind.NUMBER) {
                    yield number(number, "-");
                }
                tokens.back(number);
                yield new Value.Negative(parse(Value.NEGATIVE_BINDS));
            }
            case END, PIPE, CLOSE, COMMA ->
                throw new Invalid(
                        token, "a value is expected before " + token.shown() + ": a field, a number, \"text\" or f(…)");
        };
    }

    private static Value number(Token token, String sign) throws Invalid {
        double number = Double.parseDouble(sign + token.text());
        if (!Double.isFinite(number)) {
            throw new Invalid(token, "the number is too large");
        }
        return new Value.Number(number + 0.0); // there is one zero
    }

    private Value named(Token token) throws Invalid {
        if (!token.quoted()) {
            switch (token.text().toLowerCase(java.util.Locale.ROOT)) {
                case "true" -> {
                    return new Value.Bool(true);
                }
                case "false" -> {
                    return new Value.Bool(false);
                }
                case "null" -> {
                    return Value.Null.NULL;
                }
                case "not" -> {
                    return new Value.Not(parse(Value.NOT_BINDS));
                }
                case "and", "or", "by", "as", "on" ->
                    throw new Invalid(token, "a value is expected before '" + token.text() + "'");
                default -> {
                    if (tokens.taken(Kind.OPEN)) {
                        return call(token);
                    }
                }
            }
        }
        var fault = scope.fault(token.text());
        if (fault != null) {
            throw new Invalid(token, fault);
        }
        return new Value.Name(token.text());
    }

    private Value call(Token name) throws Invalid {
        var function = Function.of(name.text());
        if (function == null) {
            throw new Invalid(
                    name,
                    "there is no function '" + name.text() + "'" + Suggestion.among(name.text(), Function.words()));
        }
        var arguments = new ArrayList<Value>();
        if (!tokens.taken(Kind.CLOSE)) {
            while (true) {
                int at = tokens.peek().start();
                arguments.add(parse(0));
                check(function, arguments, at);
                var after = tokens.next();
                if (after.kind() == Kind.CLOSE) {
                    break;
                }
                if (after.kind() != Kind.COMMA) {
                    throw new Invalid(after, "a comma or ) is expected: " + function.usage());
                }
            }
        }
        if (arguments.size() < function.least() || arguments.size() > function.most()) {
            throw new Invalid(
                    name,
                    function.word() + " takes "
                            + (function.least() == function.most()
                                    ? Integer.toString(function.least())
                                    : function.least() + " to " + function.most())
                            + " values, not " + arguments.size() + ": " + function.usage());
        }
        return new Value.Call(function, arguments);
    }

    /** What has to be known before the first row: regular expressions and networks stand in the query itself. */
    private static void check(Function function, List<Value> arguments, int at) throws Invalid {
        boolean regex = (function == Function.MATCHES || function == Function.EXTRACT) && arguments.size() == 2;
        boolean network = function == Function.CIDRMATCH && arguments.size() == 1;
        if (!regex && !network) {
            return;
        }
        if (!(arguments.getLast() instanceof Value.Text(String text))) {
            throw new Invalid(
                    at, (regex ? "a regular expression" : "a network") + " in quotes is expected: " + function.usage());
        }
        try {
            if (network) {
                CompiledPredicate.check(new Predicate.Cidr(Field.of("message"), text));
            } else if (text.length() > MAX_PATTERN) {
                throw new Invalid(at, "a regular expression has at most " + MAX_PATTERN + " characters");
            } else {
                CompiledPredicate.check(new Predicate.Regex(Field.of("message"), text, Set.of()));
                Pattern.compile(text);
            }
        } catch (IllegalArgumentException | com.google.re2j.PatternSyntaxException e) {
            throw new Invalid(at, String.valueOf(e.getMessage()));
        }
    }
}
