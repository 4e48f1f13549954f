package io.marsad.respond.condition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.marsad.respond.condition.Condition.Comparison;
import io.marsad.respond.condition.Condition.Operand;
import io.marsad.respond.condition.Condition.Operator;
import io.marsad.respond.condition.Condition.Value;
import io.marsad.respond.variable.VariableType;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How values of each type are compared. */
final class Comparing {
    private static final Set<Operator> EQUALITY = EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN);
    private static final Set<Operator> ORDER = EnumSet.range(Operator.EQUAL, Operator.IN);
    private static final Set<Operator> TEXT = EnumSet.range(Operator.EQUAL, Operator.MATCHES);
    private static final Set<Operator> NETWORK =
            EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.ISSUBSET, Operator.ISSUPERSET);
    private static final Set<Operator> ADDRESS_TEXT =
            EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.LIKE, Operator.MATCHES);

    private Comparing() {}

    private static Set<Operator> operators(VariableType type) {
        return switch (type) {
            case BOOL, HASH, HEXSTRING, MAC, MD5, SHA256, UUID -> EQUALITY;
            case FLOAT, INTEGER, LONG -> ORDER;
            case IPV4, IPV6 -> NETWORK;
            case STRING -> TEXT;
            case URI -> ADDRESS_TEXT;
            case DICTIONARY, LIST -> Set.of();
        };
    }

    static List<String> faults(
            Comparison comparison, VariableType type, Function<String, @Nullable VariableType> types) {
        var faults = new ArrayList<String>();
        var operator = comparison.operator();
        if (!operators(type).contains(operator)) {
            faults.add(
                    comparison.variable() + " is of type " + type + ", which " + operator.word() + " cannot compare");
            return faults;
        }
        for (var operand : comparison.literals()) {
            switch (operand) {
                case Operand.Literal literal -> {
                    var fault = literalFault(operator, type, literal.text());
                    if (fault != null) {
                        faults.add(fault);
                    }
                }
                case Operand.Other other -> {
                    var otherType = types.apply(other.name());
                    if (otherType == null) {
                        faults.add("there is no variable " + other.name());
                    }
                }
            }
        }
        return faults;
    }

    private static @Nullable String literalFault(Operator operator, VariableType type, String literal) {
        if (operator == Operator.MATCHES) {
            try {
                Pattern.compile(literal);
                return null;
            } catch (PatternSyntaxException e) {
                return "'" + literal + "' is no regular expression: " + e.getDescription();
            }
        }
        if (operator == Operator.LIKE) {
            return null;
        }
        var compared = type == VariableType.INTEGER || type == VariableType.LONG ? VariableType.FLOAT : type;
        return compared.takes(literal) && (compared != VariableType.FLOAT || !literal.isEmpty())
                ? null
                : "'" + literal + "' is not " + type.expected();
    }

    static boolean holds(Comparison comparison, Function<String, @Nullable Value> values) throws ConditionException {
        var value = values.apply(comparison.variable());
        var text = known(comparison.variable(), value);
        var type = java.util.Objects.requireNonNull(value).type();
        for (var operand : comparison.literals()) {
            var other = switch (operand) {
                case Operand.Literal literal -> literal.text();
                case Operand.Other variable -> known(variable.name(), values.apply(variable.name()));
            };
            var fault = literalFault(comparison.operator(), type, other);
            if (fault != null) {
                throw new ConditionException(fault);
            }
            if (holds(comparison.operator(), type, text, other)) {
                return true;
            }
        }
        return false;
    }

    private static String known(String name, @Nullable Value value) throws ConditionException {
        if (value == null) {
            throw new ConditionException("there is no variable " + name);
        }
        var text = value.text();
        if (text == null) {
            throw new ConditionException(name + " has no value; EXISTS asks whether it has one");
        }
        if (!value.type().takes(text)) {
            throw new ConditionException(
                    "what " + name + " holds is not " + value.type().expected());
        }
        return text;
    }

    private static boolean holds(Operator operator, VariableType type, String value, String literal)
            throws ConditionException {
        if (!operators(type).contains(operator)) {
            throw new ConditionException(operator.word() + " cannot compare what is of type " + type);
        }
        boolean address = type == VariableType.IPV4 || type == VariableType.IPV6;
        if (address && (value.isEmpty() || literal.isEmpty())) { // known to be empty: no address, in no network
            return (operator == Operator.NOT_EQUAL) != (EQUALITY.contains(operator) && value.equals(literal));
        }
        return switch (operator) {
            case EQUAL, IN -> equal(type, value, literal);
            case NOT_EQUAL -> !equal(type, value, literal);
            case LESS -> order(type, value, literal) < 0;
            case LESS_OR_EQUAL -> order(type, value, literal) <= 0;
            case GREATER -> order(type, value, literal) > 0;
            case GREATER_OR_EQUAL -> order(type, value, literal) >= 0;
            case LIKE -> Pattern.compile(like(literal), Pattern.DOTALL).matches(value);
            case MATCHES ->
                Pattern.compile(literal, Pattern.DOTALL).matcher(value).find();
            case ISSUBSET -> Network.of(literal).holds(Network.of(value));
            case ISSUPERSET -> Network.of(value).holds(Network.of(literal));
        };
    }

    private static boolean equal(VariableType type, String value, String literal) throws ConditionException {
        return switch (type) {
            case FLOAT, INTEGER, LONG -> order(type, value, literal) == 0;
            // An address is in a network by =, too: STIX has it so for IN, and nothing else would make sense.
            case IPV4, IPV6 -> Network.of(literal).holds(Network.of(value));
            case MAC -> value.replace('-', ':').equalsIgnoreCase(literal.replace('-', ':'));
            case HASH, HEXSTRING, MD5, SHA256, UUID -> value.equalsIgnoreCase(literal);
            case URI -> normal(value).equals(normal(literal));
            case BOOL, STRING, DICTIONARY, LIST -> value.equals(literal);
        };
    }

    private static int order(VariableType type, String value, String literal) throws ConditionException {
        if (type == VariableType.STRING) {
            return value.compareTo(literal);
        }
        if (value.isEmpty()) {
            throw new ConditionException("the empty text has no place among numbers");
        }
        return new BigDecimal(value).compareTo(new BigDecimal(literal));
    }

    private static String normal(String uri) {
        var parsed = URI.create(uri).normalize();
        var scheme = parsed.getScheme();
        var authority = parsed.getRawAuthority();
        var text = parsed.toString();
        if (scheme != null) {
            text = scheme.toLowerCase(Locale.ROOT) + text.substring(scheme.length());
        }
        return authority == null ? text : text.replace(authority, authority.toLowerCase(Locale.ROOT));
    }

    /** Of SQL: % any text, _ any character. */
    private static String like(String literal) {
        var pattern = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return pattern.toString();
    }
}
