package io.marsad.store.query;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions of {@code eval}, and how many arguments each takes. */
public enum Function {
    // Text
    LOWER(1, 1, "lower(text)"),
    UPPER(1, 1, "upper(text)"),
    LEN(1, 1, "len(text)"),
    TRIM(1, 1, "trim(text)"),
    CONCAT(1, 32, "concat(a, b, …)"),
    SUBSTR(2, 3, "substr(text, from [, length])"),
    REPLACE(3, 3, "replace(text, what, with)"),
    CONTAINS(2, 2, "contains(text, part)"),
    STARTSWITH(2, 2, "startswith(text, part)"),
    ENDSWITH(2, 2, "endswith(text, part)"),
    MATCHES(2, 2, "matches(text, \"regex\")"),
    EXTRACT(2, 3, "extract(text, \"regex\" [, group])"),
    URLDECODE(1, 1, "urldecode(text)"),
    BASE64DECODE(1, 1, "base64decode(text)"),
    // Lists
    SPLIT(2, 2, "split(text, separator)"),
    PART(3, 3, "part(text, separator, number)"),
    JOIN(2, 2, "join(list, separator)"),
    COUNT(1, 1, "count(list)"),
    ITEM(2, 2, "item(list, number)"),
    // Choices
    IF(2, 3, "if(condition, then [, else])"),
    CASE(2, 64, "case(condition, value, … [, else])"),
    COALESCE(1, 32, "coalesce(a, b, …)"),
    NULLIF(2, 2, "nullif(a, b)"),
    ISNULL(1, 1, "isnull(value)"),
    ISNUMBER(1, 1, "isnumber(value)"),
    // Numbers
    ABS(1, 1, "abs(number)"),
    CEIL(1, 1, "ceil(number)"),
    FLOOR(1, 1, "floor(number)"),
    ROUND(1, 2, "round(number [, digits])"),
    SQRT(1, 1, "sqrt(number)"),
    LOG(1, 1, "log(number)"),
    POW(2, 2, "pow(number, exponent)"),
    MIN(1, 32, "min(a, b, …)"),
    MAX(1, 32, "max(a, b, …)"),
    BIN(2, 2, "bin(number or time, width)"),
    TONUMBER(1, 2, "tonumber(text [, base])"),
    TOSTRING(1, 1, "tostring(value)"),
    // Networks
    CIDRMATCH(2, 2, "cidrmatch(\"network\", address)"),
    // Time
    NOW(0, 0, "now()"),
    STRFTIME(2, 2, "strftime(time, \"%Y-%m-%d %H:%M:%S\")"),
    TOTIME(1, 1, "totime(text)"),
    HOUR(1, 1, "hour(time)"),
    WEEKDAY(1, 1, "weekday(time)");

    private static final Map<String, Function> BY_WORD =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Function::word, UnaryOperator.identity()));

    private final int least;
    private final int most;
    private final String usage;

    Function(int least, int most, String usage) {
        this.least = least;
        this.most = most;
        this.usage = usage;
    }

    static @Nullable Function of(String word) {
        return BY_WORD.get(word.toLowerCase(Locale.ROOT));
    }

    static String[] words() {
        return Stream.of(values()).map(Function::word).toArray(String[]::new);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    /** How it is written, for people. */
    public String usage() {
        return usage;
    }
}
