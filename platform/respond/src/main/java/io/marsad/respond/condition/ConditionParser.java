package io.marsad.respond.condition;

import io.marsad.respond.condition.Condition.Operand;
import io.marsad.respond.condition.Condition.Operator;
import io.marsad.respond.variable.Template;
import java.util.ArrayList;
import java.util.List;

/** Reads a condition, by recursive descent; bounded in length, depth and parts. */
final class ConditionParser {
    private static final int LONGEST = 8_192;
    private static final int DEEPEST = 32;
    private static final int MOST_LITERALS = 1_000;

    private final String text;
    private int at;

    ConditionParser(String text) {
        this.text = text;
    }

    Condition condition() throws ConditionException {
        if (text.length() > LONGEST) {
            throw new ConditionException("the condition is longer than " + LONGEST + " characters");
        }
        boolean pattern = takes("[");
        var condition = any(0);
        if (pattern) {
            expect("]");
        }
        space();
        if (at < text.length()) {
            throw fault("AND, OR or the end is expected");
        }
        return condition;
    }

    private Condition any(int depth) throws ConditionException {
        var parts = new ArrayList<Condition>(List.of(all(depth)));
        while (takesWord("OR")) {
            parts.add(all(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.Or(parts);
    }

    private Condition all(int depth) throws ConditionException {
        var parts = new ArrayList<Condition>(List.of(one(depth)));
        while (takesWord("AND")) {
            parts.add(one(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
    }

    private Condition one(int depth) throws ConditionException {
        if (depth > DEEPEST) {
            throw fault("nested deeper than " + DEEPEST);
        }
        if (takesWord("NOT")) {
            return new Condition.Not(one(depth + 1));
        }
        if (takes("(")) {
            var inner = any(depth + 1);
            expect(")");
            return inner;
        }
        if (takesWord("EXISTS")) {
            return new Condition.Exists(variable());
        }
        var variable = variable();
        boolean not = takesWord("NOT");
        var operator = operator();
        var comparison = new Condition.Comparison(variable, operator, operands(operator));
        return not ? new Condition.Not(comparison) : comparison;
    }

    private Operator operator() throws ConditionException {
        for (var two : new Operator[] {Operator.NOT_EQUAL, Operator.LESS_OR_EQUAL, Operator.GREATER_OR_EQUAL}) {
            if (takes(two.word())) {
                return two;
            }
        }
        if (takes("==")) { // many write it so
            return Operator.EQUAL;
        }
        for (var one : new Operator[] {Operator.EQUAL, Operator.LESS, Operator.GREATER}) {
            if (takes(one.word())) {
                return one;
            }
        }
        for (var word :
                new Operator[] {Operator.IN, Operator.LIKE, Operator.MATCHES, Operator.ISSUBSET, Operator.ISSUPERSET}) {
            if (takesWord(word.word())) {
                return word;
            }
        }
        throw fault("one of = != < <= > >= IN LIKE MATCHES ISSUBSET ISSUPERSET is expected");
    }

    private List<Operand> operands(Operator operator) throws ConditionException {
        if (operator != Operator.IN) {
            return List.of(operand());
        }
        var operands = new ArrayList<Operand>();
        expect("(");
        do {
            operands.add(operand());
            if (operands.size() > MOST_LITERALS) {
                throw fault("more than " + MOST_LITERALS + " values");
            }
        } while (takes(","));
        expect(")");
        return operands;
    }

    private Operand operand() throws ConditionException {
        space();
        if (text.startsWith("__", at)) {
            return new Operand.Other(variable());
        }
        if (takes("'")) {
            return new Operand.Literal(quoted());
        }
        for (var word : List.of("true", "false")) {
            if (takesWord(word)) {
                return new Operand.Literal(word);
            }
        }
        int begin = at;
        while (at < text.length() && isNumberPart(text.charAt(at))) {
            at++;
        }
        if (begin == at) {
            throw fault("a value is expected: 'text', a number, true, false or __another__:value");
        }
        return new Operand.Literal(text.substring(begin, at));
    }

    private static boolean isNumberPart(char c) {
        return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    }

    /** What stands before the closing quote; a backslash takes the character behind it as it is. */
    private String quoted() throws ConditionException {
        var value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\'') {
                return value.toString();
            }
            if (c == '\\') {
                if (at == text.length()) {
                    break;
                }
                c = text.charAt(at++);
            }
            value.append(c);
        }
        throw fault("the text has no closing '");
    }

    private String variable() throws ConditionException {
        space();
        int end = text.indexOf(":value", at);
        if (!text.startsWith("__", at) || end < 0 || !Template.isName(text.substring(at, end))) {
            throw fault("a variable such as __severity__:value is expected");
        }
        var name = text.substring(at, end);
        at = end + ":value".length();
        return name;
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean takes(String symbol) {
        space();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    /** A word by itself, in capitals or not. */
    private boolean takesWord(String word) {
        space();
        int end = at + word.length();
        if (!text.regionMatches(true, at, word, 0, word.length())
                || end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            return false;
        }
        at = end;
        return true;
    }

    private void expect(String symbol) throws ConditionException {
        if (!takes(symbol)) {
            throw fault("'" + symbol + "' is expected");
        }
    }

    private ConditionException fault(String reason) {
        return new ConditionException("column " + (at + 1) + ": " + reason);
    }
}
