package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.kernel.predicate.Predicate.Regex;
import io.marsad.match.CompiledPredicate;
import io.marsad.match.Network;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns one field with its modifiers and one value into a predicate. */
final class TestReader {
    /** With more dashes than this, windash becomes a regular expression. */
    private static final int MAX_WRITTEN_DASHES = 2;

    private static final int MAX_ENCODED_DASHES = 4;
    private static final int MAX_EXPANSIONS = 10_000;
    private static final int MAX_REGEX = 64 << 10;
    private static final int MAX_REGEX_DEPTH = 200;
    private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\\\)%([A-Za-z0-9_.-]{1,64})%");
    /** What only backtracking engines know. */
    private static final Pattern UNLIMITED = Pattern.compile("\\(\\?(<?[=!]|>)|[*+?}]\\+|\\\\[1-9]");

    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?\\d{1,18}(\\.\\d{0,18})?([eE][-+]?\\d)?|[-+]?\\.\\d{1,18}");

    private final Function<String, List<Field>> resolver;
    private final ListUse lists;

    TestReader(Function<String, List<Field>> resolver, ListUse lists) {
        this.resolver = resolver;
        this.lists = lists;
    }

    /** The slots that the modifiers' field may be in. */
    List<Field> slots(Modifiers m) {
        return m.field.isEmpty() ? List.of(Predicate.VALUES) : resolver.apply(m.field);
    }

    Predicate read(Modifiers m, List<Field> slots, YamlNode node) throws ContentException {
        if (!(node instanceof YamlNode.Scalar value)) {
            throw node.fault("a single value is expected here");
        }
        return switch (m.meaning) {
            case TEXT -> text(m, slots, value);
            case REGEX -> regex(m, slots, value);
            case CIDR -> cidr(m, slots, value);
            case FIELD -> reference(m, slots, value);
            case PRESENCE -> presence(m, slots, value);
            case NUMBER -> number(m, slots, value);
        };
    }

    private Predicate text(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.isNull()) {
            return isNull(m, slots, value);
        }
        boolean number = value.kind() == YamlNode.Kind.INTEGER || value.kind() == YamlNode.Kind.DECIMAL;
        boolean encoded = m.base64 || m.base64offset;
        if (number && !m.before && !m.after && !m.field.isEmpty() && !m.windash && !encoded) {
            return any(
                    slots, numberForms(value.text()).stream().map(Glob::literal).toList(), m.cased);
        }
        // A keyword may be anywhere in a value, unless it says where.
        boolean anywhere = m.field.isEmpty() && !m.before && !m.after;
        var alternatives = new ArrayList<Predicate>();
        var written = new ArrayList<Glob>();
        for (String text : expanded(m, value, Patterns::escaped)) {
            for (Glob glob : encoded ? encoded(m, Patterns.glob(text), value) : List.of(Patterns.glob(text))) {
                var placed = glob.withStars(m.before || anywhere, m.after || anywhere);
                if (!m.windash || m.windashFirst && encoded || Patterns.dashCount(placed) == 0) {
                    written.add(placed);
                } else if (Patterns.dashCount(placed) <= MAX_WRITTEN_DASHES) {
                    written.addAll(Patterns.dashVariants(placed));
                } else {
                    alternatives.add(dashRegex(m, slots, placed));
                }
            }
        }
        alternatives.add(any(slots, written, m.cased));
        return Predicate.or(alternatives);
    }

    private static Predicate dashRegex(Modifiers m, List<Field> slots, Glob glob) {
        var flags = m.cased ? Set.<Regex.Flag>of() : Set.of(Regex.Flag.IGNORE_CASE);
        var regex = Patterns.dashRegex(glob);
        return Predicate.or(slots.stream()
                .map(slot -> (Predicate) new Regex(slot, regex, flags))
                .toList());
    }

    private static Predicate any(List<Field> slots, List<Glob> globs, boolean cased) {
        var any = new ArrayList<Predicate>();
        for (Field slot : slots) {
            for (Glob glob : globs) {
                any.add(new Predicate.Text(slot, glob, cased));
            }
        }
        return Predicate.or(any);
    }

    /** Numbers compare as text; 1 and 1.0 are the same, 1e3 is 1000, and 0x10 is 16 too. */
    private static LinkedHashSet<String> numberForms(String written) {
        var forms = new LinkedHashSet<String>();
        forms.add(written);
        if (DECIMAL.matcher(written).matches()) {
            var number = new BigDecimal(written).stripTrailingZeros();
            forms.add(number.toPlainString());
            if (number.scale() <= 0) {
                forms.add(number.toPlainString() + ".0");
            }
        } else if (written.matches("0x[0-9a-fA-F]{1,15}")) {
            forms.add(Long.toString(Long.parseLong(written.substring(2), 16)));
        } else if (written.matches("0o[0-7]{1,20}")) {
            forms.add(Long.toString(Long.parseLong(written.substring(2), 8)));
        }
        return forms;
    }

    private static List<Glob> encoded(Modifiers m, Glob glob, YamlNode.Scalar value) throws ContentException {
        var encoded = new ArrayList<Glob>();
        boolean vary = m.windash && m.windashFirst;
        if (vary && Patterns.dashCount(glob) > MAX_ENCODED_DASHES) {
            throw value.fault("with windash, what is encoded in Base64 has at most " + MAX_ENCODED_DASHES + " dashes");
        }
        for (Glob form : vary ? Patterns.dashVariants(glob) : List.of(glob)) {
            var plain = Patterns.plain(form);
            if (plain == null || plain.isEmpty()) {
                throw value.fault("what is encoded in Base64 has text and no wildcards");
            }
            var bytes = Patterns.bytes(plain, m.encoding);
            (m.base64 ? List.of(Patterns.base64(bytes)) : Patterns.base64offset(bytes))
                    .forEach(text -> encoded.add(Glob.literal(text)));
        }
        return encoded;
    }

    private List<String> expanded(Modifiers m, YamlNode.Scalar value, Function<String, String> quote)
            throws ContentException {
        if (!m.expand) {
            return List.of(value.text());
        }
        var texts = List.of(value.text());
        while (!texts.isEmpty() && PLACEHOLDER.matcher(texts.getFirst()).find()) {
            var next = new ArrayList<String>();
            for (String text : texts) {
                var matcher = PLACEHOLDER.matcher(text);
                if (matcher.find()) {
                    for (String item : lists.values(matcher.group(1), value)) {
                        var safe = quote.apply(item).replace("%", "\\%");
                        next.add(text.substring(0, matcher.start()) + safe + text.substring(matcher.end()));
                    }
                }
            }
            if (next.size() > MAX_EXPANSIONS) {
                throw value.fault("the placeholders stand for more than " + MAX_EXPANSIONS + " values");
            }
            texts = next;
        }
        return texts.stream().map(t -> t.replace("\\%", "%")).toList();
    }

    private Predicate isNull(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (m.field.isEmpty() || m.before || m.after || m.cased || m.windash || m.base64 || m.base64offset) {
            throw value.fault("null stands for itself, without modifiers");
        }
        return Predicate.and(
                slots.stream().map(s -> (Predicate) new Predicate.IsNull(s)).toList());
    }

    private Predicate regex(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.isNull()) {
            throw value.fault("a regular expression is text");
        }
        var any = new ArrayList<Predicate>();
        for (String pattern : expanded(m, value, Patterns::quoted)) {
            boolean multiline = m.flags.contains(Regex.Flag.MULTILINE);
            var perl = multiline ? pattern : Patterns.perl(pattern);
            boolean onlyEnd = m.before && !m.after;
            boolean onlyStart = m.after && !m.before;
            var placed = onlyStart ? "\\A(?:" + perl + ")" : onlyEnd ? "(?:" + perl + ")\\z" : perl;
            check(pattern, new Regex(slots.getFirst(), placed, m.flags), value);
            slots.forEach(slot -> any.add(new Regex(slot, placed, m.flags)));
        }
        return Predicate.or(any);
    }

    private static void check(String written, Regex regex, YamlNode.Scalar value) throws ContentException {
        int depth = 0;
        for (int i = 0; i < written.length() && depth <= MAX_REGEX_DEPTH; i++) {
            depth += written.charAt(i) == '(' ? 1 : written.charAt(i) == ')' ? -1 : 0;
        }
        if (written.length() > MAX_REGEX || depth > MAX_REGEX_DEPTH) {
            throw value.fault("a regular expression has at most " + MAX_REGEX + " characters and is nested at most "
                    + MAX_REGEX_DEPTH + " deep");
        }
        try {
            CompiledPredicate.check(regex);
        } catch (IllegalArgumentException e) {
            throw value.fault(String.valueOf(e.getMessage())
                    + (UNLIMITED.matcher(written).find()
                            ? "; look-around, back-references and possessive or atomic groups are outside of the"
                                    + " specification, because their time has no bound"
                            : ""));
        }
    }

    private Predicate cidr(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        var any = new ArrayList<Predicate>();
        for (String network : expanded(m, value, Function.identity())) {
            try {
                Network.parse(network);
            } catch (IllegalArgumentException e) {
                throw value.fault(String.valueOf(e.getMessage()));
            }
            slots.forEach(slot -> any.add(new Predicate.Cidr(slot, network)));
        }
        return Predicate.or(any);
    }

    private Predicate reference(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.kind() != YamlNode.Kind.TEXT
                || value.text().isEmpty()
                || value.text().length() > Modifiers.MAX_FIELD
                || value.text().matches(".*[*?].*")) {
            throw value.fault("fieldref takes the name of a field, without wildcards");
        }
        var relation = m.before && m.after
                ? Predicate.FieldRef.Relation.CONTAINS
                : m.before
                        ? Predicate.FieldRef.Relation.ENDS_WITH
                        : m.after ? Predicate.FieldRef.Relation.STARTS_WITH : Predicate.FieldRef.Relation.EQUALS;
        var any = new ArrayList<Predicate>();
        for (Field slot : slots) {
            for (Field other : resolver.apply(value.text())) {
                any.add(new Predicate.FieldRef(slot, other, relation));
            }
        }
        return Predicate.or(any);
    }

    private Predicate presence(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.kind() != YamlNode.Kind.BOOL) {
            throw value.fault("exists takes true or false");
        }
        var there = Predicate.or(
                slots.stream().map(s -> (Predicate) new Predicate.Exists(s)).toList());
        return Boolean.parseBoolean(value.text()) ? there : new Predicate.Not(there);
    }

    private Predicate number(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.kind() != YamlNode.Kind.INTEGER && value.kind() != YamlNode.Kind.DECIMAL) {
            throw value.fault("a number is expected here, not " + value.kind());
        }
        double number;
        try {
            number = Double.parseDouble(numberForms(value.text()).getLast());
        } catch (NumberFormatException e) {
            throw value.fault("'" + value.text() + "' is not a decimal number");
        }
        var unit = m.unit;
        var comparison = m.comparison == null ? Comparison.EQUAL : m.comparison;
        if (unit != null && number != Math.rint(number)) {
            throw value.fault("a part of a date is a whole number");
        }
        var any = new ArrayList<Predicate>();
        for (Field slot : slots) {
            any.add(
                    unit == null
                            ? new Predicate.Number(slot, comparison, number)
                            : new Predicate.DatePart(slot, unit, comparison, (int) number));
        }
        return Predicate.or(any);
    }
}
