package io.marsad.store.query;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cuts the text behind a {@code |} into tokens. Other than in a filter, where almost everything may be a word, here names
 * are names, text is in quotes and signs are operators.
 */
final class Tokens {
    enum Kind {
        END,
        PIPE,
        OPEN,
        CLOSE,
        COMMA,
        /** {@code text} is without backticks and {@code []}. */
        NAME,
        NUMBER,
        SPAN,
        TEXT,
        SIGN
    }

    /**
     * A piece of the text.
     *
     * @param quoted a name in backticks, which is never a keyword
     */
    record Token(Kind kind, String text, int start, int end, boolean quoted) {
        boolean is(String keyword) {
            return kind == Kind.NAME && !quoted && text.equalsIgnoreCase(keyword);
        }

        boolean isSign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        /** As errors show it. */
        String shown() {
            return kind == Kind.END ? "the end" : "'" + (text.length() > 64 ? text.substring(0, 64) + "…" : text) + "'";
        }
    }

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z_@][A-Za-z0-9_@]*(\\[\\])?(\\.[A-Za-z0-9_@]+(\\[\\])?)*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern AFTER_NUMBER = Pattern.compile("[A-Za-z0-9_.]+");
    private static final String[] SIGNS = {"!==", "==", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%"};
    private static final Set<String> RESERVED = Set.of("and", "or", "not", "true", "false", "null", "by", "as", "on");

    private final String text;
    private int at;

    Tokens(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /** Can the name stand without backticks? */
    static boolean isPlain(String name) {
        return NAME.matcher(name).matches()
                && !name.contains("[]")
                && !RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT));
    }

    int position() {
        return at;
    }

    void back(Token to) {
        at = to.start;
    }

    void seek(int to) {
        at = to;
    }

    Token peek() throws Invalid {
        var token = next();
        at = token.start;
        return token;
    }

    /** Consumes the keyword when it is what comes next. */
    boolean taken(String keyword) throws Invalid {
        var token = next();
        if (token.is(keyword)) {
            return true;
        }
        at = token.start;
        return false;
    }

    boolean takenSign(String sign) throws Invalid {
        var token = next();
        if (token.isSign(sign)) {
            return true;
        }
        at = token.start;
        return false;
    }

    boolean taken(Kind kind) throws Invalid {
        var token = next();
        if (token.kind == kind) {
            return true;
        }
        at = token.start;
        return false;
    }

    Token next() throws Invalid {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int start = at;
        if (at == text.length()) {
            return new Token(Kind.END, "", start, start, false);
        }
        char c = text.charAt(at);
        switch (c) {
            case '|' -> {
                return single(Kind.PIPE);
            }
            case '(' -> {
                return single(Kind.OPEN);
            }
            case ')' -> {
                return single(Kind.CLOSE);
            }
            case ',' -> {
                return single(Kind.COMMA);
            }
            case '"', '\'', '`' -> {
                return quoted(c);
            }
            default -> {
                return c >= '0' && c <= '9' ? number() : nameOrSign();
            }
        }
    }

    private Token single(Kind kind) {
        at++;
        return new Token(kind, text.substring(at - 1, at), at - 1, at, false);
    }

    private Token nameOrSign() throws Invalid {
        int start = at;
        var name = NAME.matcher(text).region(at, text.length());
        if (name.lookingAt()) {
            at = name.end();
            return new Token(Kind.NAME, name.group().replace("[]", ""), start, at, false);
        }
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                at += sign.length();
                return new Token(Kind.SIGN, sign, start, at, false);
            }
        }
        var odd = text.substring(at, text.offsetByCodePoints(at, 1));
        throw new Invalid(
                at,
                "'" + odd
                        + "' is not expected here; names with other characters go into `backticks`, text into quotes");
    }

    private Token number() throws Invalid {
        int start = at;
        var rest = AFTER_NUMBER.matcher(text).region(at, text.length());
        int end = rest.lookingAt() ? rest.end() : at + 1;
        var number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt() && number.end() >= end) {
            at = number.end();
            return new Token(Kind.NUMBER, number.group(), start, at, false);
        }
        var word = text.substring(at, end);
        if (Durations.read(word) >= 0) {
            at = end;
            return new Token(Kind.SPAN, word, start, at, false);
        }
        throw new Invalid(
                start,
                end - start,
                "'" + (word.length() > 64 ? word.substring(0, 64) : word)
                        + "' is neither a number nor a duration; durations are written 500ms, 30s, 5m, 1h, 7d or 2w");
    }

    /** In double quotes a backslash takes the meaning from a quote or backslash after it, and else is itself. */
    private Token quoted(char quote) throws Invalid {
        int start = at++;
        var value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            boolean more = at < text.length();
            if (c == quote && quote != '"' && more && text.charAt(at) == quote) {
                value.append(text.charAt(at++));
            } else if (c == quote) {
                if (quote == '`' && (value.isEmpty() || value.length() > 400)) {
                    throw new Invalid(start, at - start, "a name has 1 to 400 characters");
                }
                return new Token(quote == '`' ? Kind.NAME : Kind.TEXT, value.toString(), start, at, quote == '`');
            } else if (c == '\\' && quote == '"' && more && "\\\"".indexOf(text.charAt(at)) >= 0) {
                value.append(text.charAt(at++));
            } else {
                value.append(c);
            }
        }
        throw new Invalid(start, "the " + quote + " that opens here is never closed");
    }
}
