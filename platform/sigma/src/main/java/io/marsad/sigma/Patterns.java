package io.marsad.sigma;

import io.marsad.kernel.predicate.Glob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values of rules mean: wildcards, escapes and encodings (rules specification, escaping; modifiers appendix). */
final class Patterns {
    private static final String DASHES = "-/\u2013\u2014\u2015";
    private static final String DASH_CLASS = "[-/\u2013\u2014\u2015]";

    private static final String BEFORE_LAST_NEWLINE = "(?:\\n?\\z)";
    private static final Pattern MULTILINE = Pattern.compile("\\(\\?[a-zA-Z]*m[a-zA-Z]*[-:)]");

    private Patterns() {}

    /** A backslash takes the meaning from a following backslash, star or question mark; else it stands for itself. */
    static Glob glob(String written) {
        return Glob.written(written, "\\*?");
    }

    /** The text so that {@link #glob} reads it as it is. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    }

    /** The text of a pattern without wildcards, or null when it has some. */
    static @Nullable String plain(Glob glob) {
        return switch (glob.shape()) {
            case EMPTY -> "";
            case EQUALS -> glob.text();
            case STARTS_WITH, ENDS_WITH, CONTAINS, ANYTHING, GLOB -> null;
        };
    }

    static byte[] bytes(String text, Modifiers.@Nullable Encoding encoding) {
        if (encoding == null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return switch (encoding) {
            case UTF_16LE -> text.getBytes(StandardCharsets.UTF_16LE);
            case UTF_16BE -> text.getBytes(StandardCharsets.UTF_16BE);
            case UTF_16 -> {
                var le = text.getBytes(StandardCharsets.UTF_16LE);
                yield ByteBuffer.allocate(le.length + 2)
                        .put((byte) 0xFF)
                        .put((byte) 0xFE)
                        .put(le)
                        .array();
            }
        };
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The part of the Base64 text that does not depend on what stands around the bytes, for each of three alignments. */
    static List<String> base64offset(byte[] bytes) {
        var variants = new ArrayList<String>();
        for (int shift = 0; shift < 3; shift++) {
            var shifted = new byte[bytes.length + shift];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            var text = base64(shifted);
            int start = shift == 0 ? 0 : shift + 1;
            int rest = shifted.length % 3;
            int end = text.length() - (rest == 0 ? 0 : rest == 1 ? 3 : 2);
            if (end > start) { // one byte has no stable part at shift 1, and an empty text would be in everything
                variants.add(text.substring(start, end));
            }
        }
        return variants;
    }

    /** Where a dash or slash may be any other: not behind a word, before a word. */
    private static List<Integer> dashes(String literal) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i + 1 < literal.length(); i++) {
            if (DASHES.indexOf(literal.charAt(i)) >= 0
                    && (i == 0 || !isWord(literal.charAt(i - 1)))
                    && isWord(literal.charAt(i + 1))) {
                places.add(i);
            }
        }
        return places;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    static int dashCount(Glob glob) {
        int count = 0;
        for (Glob.Part part : glob.parts()) {
            if (part instanceof Glob.Part.Literal(String text)) {
                count += dashes(text).size();
            }
        }
        return count;
    }

    /** Every way to write the pattern's dashes; five to the power of {@link #dashCount}. */
    static List<Glob> dashVariants(Glob glob) {
        var variants = new ArrayList<List<Glob.Part>>();
        variants.add(List.of());
        for (Glob.Part part : glob.parts()) {
            List<Glob.Part> forms = switch (part) {
                case Glob.Part.Literal(String text) ->
                    variants(text).stream()
                            .map(v -> (Glob.Part) new Glob.Part.Literal(v))
                            .toList();
                case Glob.Part.Wild wild -> List.of(wild);
            };
            var next = new ArrayList<List<Glob.Part>>();
            for (List<Glob.Part> before : variants) {
                for (Glob.Part form : forms) {
                    var longer = new ArrayList<>(before);
                    longer.add(form);
                    next.add(longer);
                }
            }
            variants = next;
        }
        return variants.stream().map(Glob::new).toList();
    }

    private static List<String> variants(String literal) {
        var variants = List.of(literal);
        for (int place : dashes(literal)) {
            var next = new ArrayList<String>();
            for (String variant : variants) {
                for (int d = 0; d < DASHES.length(); d++) {
                    next.add(variant.substring(0, place) + DASHES.charAt(d) + variant.substring(place + 1));
                }
            }
            variants = next;
        }
        return variants;
    }

    /** The same as one regular expression, for patterns with so many dashes that writing them all out is too much. */
    static String dashRegex(Glob glob) {
        var regex = new StringBuilder("(?s)\\A");
        for (Glob.Part part : glob.parts()) {
            switch (part) {
                case Glob.Part.Literal(String text) -> {
                    var places = dashes(text);
                    for (int i = 0; i < text.length(); i++) {
                        if (places.contains(i)) {
                            regex.append(DASH_CLASS);
                        } else {
                            quote(text.charAt(i), regex);
                        }
                    }
                }
                case Glob.Part.Wild wild -> regex.append(wild == Glob.Part.Wild.ANY ? ".*" : ".");
            }
        }
        return regex.append("\\z").toString();
    }

    /**
     * A Perl-like expression for an engine whose {@code $} is the very end: outside of {@code (?m)}, {@code $} and
     * {@code \\Z} are the end or just before a newline that ends the text.
     */
    static String perl(String regex) {
        if (MULTILINE.matcher(regex).find()) {
            return regex;
        }
        var out = new StringBuilder(regex.length() + 16);
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (regex.startsWith("\\Q", i)) {
                int end = regex.indexOf("\\E", i);
                end = end < 0 ? regex.length() : end + 2;
                out.append(regex, i, end);
                i = end - 1;
            } else if (regex.startsWith("\\Z", i)) {
                out.append(BEFORE_LAST_NEWLINE);
                i++;
            } else if (c == '\\' && i + 1 < regex.length()) {
                out.append(c).append(regex.charAt(++i));
            } else if (c == '[') {
                int end = endOfClass(regex, i);
                out.append(regex, i, end);
                i = end - 1;
            } else {
                if (c == '$') {
                    out.append(BEFORE_LAST_NEWLINE);
                } else {
                    out.append(c);
                }
            }
        }
        return out.toString();
    }

    /** Behind the class that starts here, or the end of the text. */
    private static int endOfClass(String regex, int start) {
        int i = start + 1;
        i += regex.startsWith("^", i) ? 1 : 0;
        i += regex.startsWith("]", i) ? 1 : 0;
        for (; i < regex.length() && regex.charAt(i) != ']'; i++) {
            if (regex.charAt(i) == '\\') {
                i++;
            } else if (regex.startsWith("[:", i) && regex.indexOf(":]", i) > 0) {
                i = regex.indexOf(":]", i) + 1;
            }
        }
        return Math.min(i + 1, regex.length());
    }

    /** The text so that it stands for itself in a regular expression. */
    static String quoted(String text) {
        var quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            quote(text.charAt(i), quoted);
        }
        return quoted.toString();
    }

    private static void quote(char c, StringBuilder to) {
        if ("\\^$.|?*+()[]{}-".indexOf(c) >= 0) {
            to.append('\\');
        }
        to.append(c);
    }
}
