package io.marsad.store.query;

import io.marsad.kernel.predicate.Glob;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text into tokens on demand, because what ends a word depends on where it stands: after an operator a value
 * may hold {@code =}, {@code :} and {@code /}; elsewhere they end the name before them.
 */
final class Lexer {
    enum Kind {
        END,
        OPEN,
        CLOSE,
        COMMA,
        PIPE,
        OPERATOR,
        /** Text without quotes; {@code glob} is what it means as a value. */
        WORD,
        QUOTED,
        /** A field's name in backticks. */
        NAME
    }

    /**
     * A piece of the text.
     *
     * @param text as written, without quotes
     * @param glob what it means as a value
     * @param colon a colon followed at once, and was consumed: what comes next is the field's value
     */
    record Token(Kind kind, String text, Glob glob, int start, boolean colon) {
        int length() {
            return text.length() + (kind == Kind.QUOTED || kind == Kind.NAME ? 2 : 0);
        }
    }

    private static final Glob NOTHING = Glob.literal("");
    private static final Pattern PATH = Pattern.compile("[A-Za-z_@][A-Za-z0-9_@.\\-]*(\\[\\])?(\\.[A-Za-z0-9_@\\-]+)*");
    private static final Pattern HEX_GROUPS = Pattern.compile("[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,}(?=$|[\\s)|])");
    private static final String[] OPERATORS = {"!==", "==", "!=", "!~", "<=", ">=", "=", "<", ">", "~"};

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    static boolean isPath(String word) {
        return PATH.matcher(word).matches();
    }

    int position() {
        return at;
    }

    void seek(int to) {
        at = to;
    }

    void back(Token to) {
        at = to.start;
    }

    /** The next token where a condition, a connective or an operator may stand. */
    Token next() throws Invalid {
        skipSpace();
        int start = at;
        if (at == text.length()) {
            return new Token(Kind.END, "", NOTHING, start, false);
        }
        var kind = punctuation(text.charAt(at));
        if (kind != null) {
            at++;
            return new Token(kind, text.substring(start, at), NOTHING, start, false);
        }
        if (isQuote(text.charAt(at))) {
            return quoted();
        }
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return new Token(Kind.OPERATOR, operator, NOTHING, start, false);
            }
        }
        return word();
    }

    /** The next token where a value stands. */
    Token value() throws Invalid {
        skipSpace();
        int start = at;
        if (at == text.length() || punctuation(text.charAt(at)) != null || isQuote(text.charAt(at))) {
            return next();
        }
        while (at < text.length() && !endsValue(text.charAt(at))) {
            at++;
        }
        return new Token(Kind.WORD, text.substring(start, at), unescape(text.substring(start, at)), start, false);
    }

    private Token word() {
        int start = at;
        boolean groups = HEX_GROUPS.matcher(text).region(at, text.length()).lookingAt();
        boolean colon = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '"' || c == '(' || c == ')' || c == '|' || operatorHere()) {
                break;
            }
            if (c == ':' && !groups && namesField(start)) {
                colon = true;
                break;
            }
            at++;
        }
        var word = text.substring(start, at);
        at += colon ? 1 : 0;
        return new Token(Kind.WORD, word, unescape(word), start, colon);
    }

    private boolean operatorHere() {
        char c = text.charAt(at);
        return c == '='
                || c == '<'
                || c == '>'
                || c == '~'
                || c == '!' && (text.startsWith("=", at + 1) || text.startsWith("~", at + 1));
    }

    /** Is what stands before this colon a field, and not the start of {@code C:\}, {@code http://} or a sentence? */
    private boolean namesField(int start) {
        if (at - start < 2 || at + 1 == text.length() || !isPath(text.substring(start, at))) {
            return false;
        }
        char after = text.charAt(at + 1);
        return !Character.isWhitespace(after) && after != '/' && after != '\\' && after != ')' && after != ':';
    }

    private Token quoted() throws Invalid {
        int start = at;
        char quote = text.charAt(at++);
        var raw = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote && quote != '"' && at < text.length() && text.charAt(at) == quote) {
                raw.append(c);
                at++;
            } else if (c == quote) {
                var value = raw.toString();
                var glob = quote == '"' ? unescape(value) : Glob.literal(value);
                return new Token(quote == '`' ? Kind.NAME : Kind.QUOTED, value, glob, start, backtickColon(quote));
            } else if (c == '\\' && quote == '"' && at < text.length() && "\\\"".indexOf(text.charAt(at)) >= 0) {
                raw.append(c).append(text.charAt(at++)); // so that an escaped quote does not end the text
            } else {
                raw.append(c);
            }
        }
        throw new Invalid(start, "the " + quote + " that opens here is never closed");
    }

    private boolean backtickColon(char quote) {
        if (quote == '`' && at < text.length() && text.charAt(at) == ':') {
            at++;
            return true;
        }
        return false;
    }

    /** A backslash takes the meaning from a star, question mark, quote or backslash after it; elsewhere it is itself. */
    private static Glob unescape(String raw) {
        return Glob.written(raw, "\\*?\"");
    }

    /** A regular expression's text: only the quote is escaped, every other backslash is the expression's own. */
    static String regex(Token token, boolean inDoubleQuotes) {
        return inDoubleQuotes ? token.text.replace("\\\"", "\"") : token.text;
    }

    boolean doubleQuoted(Token token) {
        return token.kind == Kind.QUOTED && text.charAt(token.start) == '"';
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    private static boolean endsValue(char c) {
        return Character.isWhitespace(c) || c == '"' || c == ')' || c == '(' || c == ',' || c == '|';
    }

    private static @Nullable Kind punctuation(char c) {
        return switch (c) {
            case '(' -> Kind.OPEN;
            case ')' -> Kind.CLOSE;
            case ',' -> Kind.COMMA;
            case '|' -> Kind.PIPE;
            default -> null;
        };
    }
}
