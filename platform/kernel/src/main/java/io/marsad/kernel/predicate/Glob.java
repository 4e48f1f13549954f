package io.marsad.kernel.predicate;

import java.util.ArrayList;
import java.util.List;

/**
 * A text pattern over a whole value: literals, {@code *} (any run, also empty, also newlines) and {@code ?} (exactly one
 * character). What rules call contains, startswith and endswith are globs with stars at the ends.
 */
public record Glob(List<Part> parts) {
    /** A piece of the pattern. */
    public sealed interface Part {
        /** Text that stands as it is; never empty. */
        record Literal(String text) implements Part {
            public Literal {
                if (text.isEmpty()) {
                    throw new IllegalArgumentException("a literal is not empty");
                }
            }
        }

        /** Any run of characters. */
        enum Wild implements Part {
            ANY,
            ONE
        }
    }

    /** The simplest form that a glob has. */
    public enum Shape {
        EMPTY,
        EQUALS,
        STARTS_WITH,
        ENDS_WITH,
        CONTAINS,
        ANYTHING,
        GLOB
    }

    /** Joins neighbouring literals and stars, so that equal patterns are equal. */
    public Glob {
        var joined = new ArrayList<Part>();
        for (Part part : parts) {
            var last = joined.isEmpty() ? null : joined.getLast();
            if (part instanceof Part.Literal(String text) && last instanceof Part.Literal(String before)) {
                joined.set(joined.size() - 1, new Part.Literal(before + text));
            } else if (part != Part.Wild.ANY || last != Part.Wild.ANY) {
                joined.add(part);
            }
        }
        parts = List.copyOf(joined);
    }

    /**
     * A pattern as people write it: star and question mark are wild, a backslash before one of the characters that can be
     * escaped takes its meaning away, and elsewhere is itself.
     *
     * @param escapable the characters, among them backslash, star and question mark
     */
    public static Glob written(String text, String escapable) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && escapable.indexOf(text.charAt(i + 1)) >= 0) {
                literal.append(text.charAt(++i));
            } else if (c == '*' || c == '?') {
                flush(literal, parts);
                parts.add(c == '*' ? Part.Wild.ANY : Part.Wild.ONE);
            } else {
                literal.append(c);
            }
        }
        flush(literal, parts);
        return new Glob(parts);
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    public static Glob literal(String text) {
        return new Glob(text.isEmpty() ? List.of() : List.of(new Part.Literal(text)));
    }

    public static Glob contains(String text) {
        return literal(text).withStars(true, true);
    }

    /** The same with stars before or after, where they are not there yet. */
    public Glob withStars(boolean before, boolean after) {
        var all = new ArrayList<Part>();
        if (before) {
            all.add(Part.Wild.ANY);
        }
        all.addAll(parts);
        if (after) {
            all.add(Part.Wild.ANY);
        }
        return new Glob(all);
    }

    public Shape shape() {
        if (parts.isEmpty()) {
            return Shape.EMPTY;
        }
        boolean before = parts.getFirst() == Part.Wild.ANY;
        boolean after = parts.getLast() == Part.Wild.ANY;
        int inner = parts.size() - (before ? 1 : 0) - (after ? 1 : 0);
        if (inner <= 0) {
            return Shape.ANYTHING;
        }
        if (inner > 1 || !(parts.get(before ? 1 : 0) instanceof Part.Literal)) {
            return Shape.GLOB;
        }
        if (before) {
            return after ? Shape.CONTAINS : Shape.ENDS_WITH;
        }
        return after ? Shape.STARTS_WITH : Shape.EQUALS;
    }

    /** The literal of a shape that has just one; empty for EMPTY and ANYTHING. */
    public String text() {
        for (Part part : parts) {
            if (part instanceof Part.Literal(String text)) {
                return text;
            }
        }
        return "";
    }
}
