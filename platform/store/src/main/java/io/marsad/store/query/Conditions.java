package io.marsad.store.query;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import io.marsad.store.query.Expression.Operator;
import io.marsad.store.query.Lexer.Kind;
import io.marsad.store.query.Lexer.Token;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a condition on one field: the field, an operator and its values. */
final class Conditions {
    private static final Pattern NETWORK = Pattern.compile("([0-9]{1,3}([.][0-9]{1,3}){3}"
            + "|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}(:[0-9]{1,3}([.][0-9]{1,3}){3})?)/[0-9]{1,3}");
    private static final int MAX_VALUES = 2_000;

    private final Lexer lexer;
    private Scope scope = new Scope();

    Conditions(Lexer lexer) {
        this.lexer = lexer;
    }

    /** From now on only these names can be asked about. */
    void within(Scope wanted) {
        scope = wanted;
    }

    /** Is the word a field with an operator after it? Leaves the lexer behind the word. */
    boolean startsHere(Token word) throws Invalid {
        if (word.colon()) {
            return true;
        }
        var after = lexer.next();
        boolean operator = after.kind() == Kind.OPERATOR || isOperatorWord(after);
        if (Parser.isWord(after, "not")) {
            var second = lexer.next();
            operator = isOperatorWord(second);
            lexer.back(second);
        }
        lexer.back(after);
        if (operator && !Lexer.isPath(word.text())) {
            throw new Invalid(
                    word,
                    after.kind() == Kind.OPERATOR
                            ? "'" + word.text()
                                    + "' is not a field's name; put a name with other characters into `backticks`"
                            : "'" + word.text() + "' is not a field's name; to search for '" + after.text()
                                    + "' as a word put it into quotes");
        }
        if (!operator && after.kind() == Kind.WORD && Names.looksLikeField(word.text())) {
            refuseMisspelt(word, after);
        }
        return operator;
    }

    private void refuseMisspelt(Token field, Token after) throws Invalid {
        if (after.text().length() < 5 || Parser.suggestOperator(after.text()).isEmpty()) {
            return;
        }
        throw new Invalid(
                after,
                "'" + after.text() + "' is not an operator" + Parser.suggestOperator(after.text())
                        + "; to search for the words '" + field.text() + "' and '" + after.text()
                        + "' put them into quotes");
    }

    private static boolean isOperatorWord(Token token) {
        return token.kind() == Kind.WORD
                && !token.colon()
                && Parser.OPERATOR_WORDS.contains(token.text().toLowerCase(Locale.ROOT));
    }

    /** The condition whose field has just been read. */
    Expression onField(Token field) throws Invalid {
        var name = field.text().replace("[]", "");
        if (name.isEmpty() || name.length() > 400) {
            throw new Invalid(field, "a field's name has 1 to 400 characters");
        }
        var fault = scope.fault(name);
        if (fault != null) {
            throw new Invalid(field, fault);
        }
        if (Sources.asked(field) && !scope.isTable()) {
            return source(field);
        }
        if (field.colon()) {
            return equal(name, lexer.value(), ":");
        }
        var operator = lexer.next();
        boolean not = Parser.isWord(operator, "not");
        if (not) {
            operator = lexer.next();
        }
        if (operator.kind() != Kind.OPERATOR && !isOperatorWord(operator) || not && operator.kind() == Kind.OPERATOR) {
            throw new Invalid(
                    operator,
                    "an operator is missing after the field '" + name + "'"
                            + (operator.kind() == Kind.WORD ? Parser.suggestOperator(operator.text()) : ""));
        }
        var condition = operator(name, operator);
        return not ? new Expression.Not(condition) : condition;
    }

    private Expression source(Token field) throws Invalid {
        if (field.colon()) {
            return Sources.read(List.of(wanted(lexer.value(), ":")));
        }
        var operator = lexer.next();
        boolean not = Parser.isWord(operator, "not");
        if (not) {
            operator = lexer.next();
        }
        if (Parser.isWord(operator, "in")) {
            var any = Sources.read(list(lexer.next(), "in"));
            return not ? new Expression.Not(any) : any;
        }
        boolean differs = operator.text().equals("!=");
        if (not
                || operator.kind() != Kind.OPERATOR
                || !differs && !operator.text().equals("=")) {
            throw new Invalid(operator, Sources.NAME + " is compared with =, != or in");
        }
        var one = Sources.read(List.of(wanted(lexer.value(), operator.text())));
        return differs ? new Expression.Not(one) : one;
    }

    private Expression operator(String name, Token operator) throws Invalid {
        var word = operator.text().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "=", "like" -> equal(name, lexer.value(), word);
            case "!=" -> new Expression.Not(equal(name, lexer.value(), word));
            case "==", "like_cs" -> compare(name, Operator.EQUALS, true, word);
            case "!==" -> new Expression.Not(compare(name, Operator.EQUALS, true, word));
            case "contains" -> compare(name, Operator.CONTAINS, false, word);
            case "contains_cs" -> compare(name, Operator.CONTAINS, true, word);
            case "startswith" -> compare(name, Operator.STARTS_WITH, false, word);
            case "startswith_cs" -> compare(name, Operator.STARTS_WITH, true, word);
            case "endswith" -> compare(name, Operator.ENDS_WITH, false, word);
            case "endswith_cs" -> compare(name, Operator.ENDS_WITH, true, word);
            case "~", "matches" -> matches(name, false, word);
            case "!~" -> new Expression.Not(matches(name, false, word));
            case "matches_cs" -> matches(name, true, word);
            case "<", "<=", ">", ">=" ->
                new Expression.Measure(name, Parser.comparison(word), number(name, lexer.value(), word));
            case "between" -> between(name);
            case "in" -> in(name, false);
            case "in_cs" -> in(name, true);
            case "exists" -> new Expression.Exists(name);
            case "is" -> isNull(name);
            default -> throw new IllegalStateException(word);
        };
    }

    private Expression compare(String name, Operator operator, boolean cased, String word) throws Invalid {
        return new Expression.Compare(
                name, operator, cased, List.of(wanted(lexer.value(), word).glob()));
    }

    private Expression equal(String name, Token value, String word) throws Invalid {
        wanted(value, word);
        if (!word.equals("like")) {
            if (value.kind() == Kind.WORD && value.text().equals("*")) {
                return new Expression.Exists(name);
            }
            if (NETWORK.matcher(value.text()).matches()) {
                return new Expression.InNetwork(name, List.of(network(value)));
            }
        }
        return new Expression.Compare(
                name, Operator.EQUALS, false, List.of(known(name, value).glob()));
    }

    private Expression matches(String name, boolean cased, String word) throws Invalid {
        var value = wanted(lexer.value(), word);
        var regex = Lexer.regex(value, lexer.doubleQuoted(value));
        try {
            CompiledPredicate.check(new Predicate.Regex(Field.of("message"), regex, Set.of()));
        } catch (IllegalArgumentException e) {
            throw new Invalid(value, "not a regular expression that is understood: " + e.getMessage());
        }
        return new Expression.Matches(name, regex, cased);
    }

    private Expression between(String name) throws Invalid {
        double low = number(name, lexer.value(), "between");
        var and = lexer.next();
        if (!Parser.isWord(and, "and")) {
            throw new Invalid(and, "'and' and the upper end are expected: between 1 and 5");
        }
        double high = number(name, lexer.value(), "and");
        return new Expression.Between(name, low, high);
    }

    private Expression isNull(String name) throws Invalid {
        var word = lexer.next();
        boolean not = Parser.isWord(word, "not");
        if (not) {
            word = lexer.next();
        }
        if (!Parser.isWord(word, "null")) {
            throw new Invalid(word, "after 'is' only 'null' or 'not null' can stand; equality is written '='");
        }
        var isNull = new Expression.IsNull(name);
        return not ? new Expression.Not(isNull) : isNull;
    }

    private Expression in(String name, boolean cased) throws Invalid {
        var open = lexer.next();
        if (Parser.isWord(open, "cidr")) {
            var networks = new ArrayList<String>();
            for (var value : list(lexer.next(), "cidr")) {
                networks.add(network(value));
            }
            return new Expression.InNetwork(name, networks);
        }
        var values = new ArrayList<Glob>();
        var networks = new ArrayList<String>();
        for (var value : list(open, "in")) {
            if (!cased && NETWORK.matcher(value.text()).matches()) {
                networks.add(network(value));
            } else {
                values.add(known(name, value).glob());
            }
        }
        var parts = new ArrayList<Expression>();
        if (!values.isEmpty()) {
            parts.add(new Expression.Compare(name, Operator.EQUALS, cased, values));
        }
        if (!networks.isEmpty()) {
            parts.add(new Expression.InNetwork(name, networks));
        }
        return Expression.or(parts);
    }

    private List<Token> list(Token open, String word) throws Invalid {
        if (open.kind() != Kind.OPEN) {
            throw new Invalid(
                    open,
                    "a list in parentheses is expected after '" + word + "', such as (\"a\", \"b\"); to search for '"
                            + word + "' as a word put it into quotes");
        }
        var values = new ArrayList<Token>();
        while (true) {
            values.add(wanted(lexer.value(), word));
            var after = lexer.next();
            if (after.kind() == Kind.CLOSE) {
                return values;
            }
            if (after.kind() != Kind.COMMA) {
                throw new Invalid(after, "a comma or ) is expected in the list");
            }
            if (values.size() == MAX_VALUES) {
                throw new Invalid(after, "a list has at most " + MAX_VALUES + " values");
            }
        }
    }

    private static Token wanted(Token value, String after) throws Invalid {
        if (value.kind() == Kind.WORD || value.kind() == Kind.QUOTED) {
            return value;
        }
        throw new Invalid(value, "a value is expected after '" + after + "'");
    }

    /** Refuses a caption that the field's enumeration does not have. */
    private static Token known(String name, Token value) throws Invalid {
        var problem = Names.unknownCaption(name, value.text());
        if (problem != null) {
            throw new Invalid(value, problem);
        }
        return value;
    }

    private static double number(String name, Token value, String word) throws Invalid {
        known(name, wanted(value, word));
        var text = Names.number(name, value.text());
        try {
            double number = Double.parseDouble(text);
            boolean plain = !text.isEmpty() && "0123456789".indexOf(text.charAt(text.length() - 1)) >= 0;
            if (Double.isFinite(number) && plain) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new Invalid(value, "'" + value.text() + "' is not a number; '" + word + "' compares numbers");
        }
        throw new Invalid(value, "'" + value.text() + "' is not a number; '" + word + "' compares numbers");
    }

    private static String network(Token value) throws Invalid {
        var text = value.text();
        int slash = text.indexOf('/');
        try {
            var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = address.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return slash < 0 ? text + "/" + bits : text;
            }
            throw new Invalid(value, "the prefix of this network is 0 to " + bits);
        } catch (IllegalArgumentException e) {
            throw new Invalid(
                    value, "'" + text + "' is not a network; written as 10.0.0.0/8 or fe80::/10: " + e.getMessage());
        }
    }
}
