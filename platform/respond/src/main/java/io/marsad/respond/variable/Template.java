package io.marsad.respond.variable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A text in which variables are named: {@code Block __source_ip__:value} (CACAO 2.0, 10.18.2). What a variable holds is
 * put in once and never looked at again: a value that looks like a reference stays what it is.
 *
 * @param parts in order
 */
public record Template(List<Part> parts) {
    private static final String SUFFIX = ":value";
    private static final int MOST_NAME = 250;

    public Template {
        parts = List.copyOf(parts);
    }

    /** A piece of it. */
    public sealed interface Part {
        /** As it stands. */
        record Text(String text) implements Part {}

        /** @param name with its underscores */
        record Reference(String name) implements Part {}
    }

    /** Takes it apart; every text is one. */
    public static Template of(String text) {
        var parts = new ArrayList<Part>();
        int begin = 0;
        int at = text.indexOf("__");
        while (at >= 0) {
            int end = referenceEnd(text, at);
            if (end < 0) {
                at = text.indexOf("__", at + 1);
                continue;
            }
            if (at > begin) {
                parts.add(new Part.Text(text.substring(begin, at)));
            }
            parts.add(new Part.Reference(text.substring(at, end)));
            begin = end + SUFFIX.length();
            at = text.indexOf("__", begin);
        }
        if (begin < text.length()) {
            parts.add(new Part.Text(text.substring(begin)));
        }
        return new Template(parts);
    }

    /** Where the name ends that begins there and is followed by {@code :value}; -1: none does. */
    private static int referenceEnd(String text, int at) {
        int end = at + 2;
        if (end >= text.length() || !isLetter(text.charAt(end)) && text.charAt(end) != '_') {
            return -1;
        }
        int most = Math.min(text.length(), at + MOST_NAME);
        while (end < most && isNamePart(text.charAt(end))) {
            end++;
            if (text.startsWith("__" + SUFFIX, end)) {
                return end + 2;
            }
        }
        return -1;
    }

    /** Whether it can name a variable. */
    public static boolean isName(String name) {
        if (name.length() < 5 || name.length() > MOST_NAME || !name.startsWith("__") || !name.endsWith("__")) {
            return false;
        }
        char first = name.charAt(2);
        return (isLetter(first) || first == '_') && name.chars().skip(2).allMatch(c -> isNamePart((char) c));
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isNamePart(char c) {
        return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    /** The variables that it names. */
    public Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (var part : parts) {
            if (part instanceof Part.Reference reference) {
                names.add(reference.name());
            }
        }
        return names;
    }

    /** The whole of it is one reference. */
    public boolean isReference() {
        return parts.size() == 1 && parts.getFirst() instanceof Part.Reference;
    }

    /**
     * The text with the values put in.
     *
     * @param value what stands for a variable's name
     */
    public String fill(UnaryOperator<String> value) {
        var text = new StringBuilder();
        for (var part : parts) {
            text.append(
                    switch (part) {
                        case Part.Text piece -> piece.text();
                        case Part.Reference reference -> value.apply(reference.name());
                    });
        }
        return text.toString();
    }
}
