package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.match.Network;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns one field with its modifiers and one value into a predicate. */
final class TestReader {
    /** With more dashes than this, windash becomes a regular expression. */
    private static final int MAX_WRITTEN_DASHES = 2;

    private static final int MAX_EXPANSIONS = 10_000;
    private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\\\)%([A-Za-z0-9_.-]{1,64})%");

    private final Function<String, List<Field>> resolver;
    private final Placeholders placeholders;
    private final boolean emptyIsNull;

    /** @param emptyIsNull the source writes absent values as empty ones, as Windows does */
    TestReader(Function<String, List<Field>> resolver, Placeholders placeholders, boolean emptyIsNull) {
        this.resolver = resolver;
        this.placeholders = placeholders;
        this.emptyIsNull = emptyIsNull;
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
        boolean keyword = m.field.isEmpty();
        boolean number = value.kind() == YamlNode.Kind.INTEGER || value.kind() == YamlNode.Kind.DECIMAL;
        if (number && !m.before && !m.after && !keyword && !m.base64 && !m.base64offset) {
            return any(
                    slots, numberForms(value.text()).stream().map(Glob::literal).toList(), m.cased);
        }
        var globs = new ArrayList<Glob>();
        for (String written : expanded(m, value, Patterns::escaped)) {
            var glob = Patterns.glob(written);
            globs.addAll(m.base64 || m.base64offset ? encoded(m, glob, value) : List.of(glob));
        }
        var alternatives = new ArrayList<Predicate>();
        var written = new ArrayList<Glob>();
        for (Glob plain : globs) {
            var glob = plain.withStars(m.before || keyword, m.after || keyword);
            if (!m.windash || Patterns.dashCount(glob) == 0) {
                written.add(glob);
            } else if (Patterns.dashCount(glob) <= MAX_WRITTEN_DASHES) {
                written.addAll(Patterns.dashVariants(glob));
            } else {
                var flags = m.cased
                        ? java.util.Set.<Predicate.Regex.Flag>of()
                        : java.util.Set.of(Predicate.Regex.Flag.IGNORE_CASE);
                var regex = Patterns.dashRegex(glob);
                slots.forEach(slot -> alternatives.add(new Predicate.Regex(slot, regex, flags)));
            }
        }
        alternatives.add(any(slots, written, m.cased));
        return Predicate.or(alternatives);
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

    /** Numbers compare as text; 1 and 1.0 are the same, and 0x10 is 16 too. */
    private static LinkedHashSet<String> numberForms(String written) {
        var forms = new LinkedHashSet<String>();
        forms.add(written);
        if (written.matches("[-+]?\\d{1,18}(\\.\\d{1,18})?")) {
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
        var plain = Patterns.plain(glob);
        if (plain == null || plain.isEmpty()) {
            throw value.fault("what is encoded in Base64 has text and no wildcards");
        }
        var bytes = Patterns.bytes(plain, m.encoding);
        return m.base64
                ? List.of(Glob.literal(Patterns.base64(bytes)))
                : Patterns.base64offset(bytes).stream().map(Glob::literal).toList();
    }

    private List<String> expanded(Modifiers m, YamlNode.Scalar value, Function<String, String> quote)
            throws ContentException {
        if (!m.expand) {
            return List.of(value.text());
        }
        var texts = List.of(value.text());
        while (PLACEHOLDER.matcher(texts.getFirst()).find()) {
            var next = new ArrayList<String>();
            for (String text : texts) {
                var matcher = PLACEHOLDER.matcher(text);
                if (!matcher.find()) {
                    throw value.fault("placeholders cannot stand in the lists themselves");
                }
                var list = placeholders.list(matcher.group(1));
                if (list.isEmpty()) {
                    throw value.fault("no list is known for the placeholder %" + matcher.group(1)
                            + "%, and a rule is not loaded without it");
                }
                for (String item : list) {
                    var safe = quote.apply(item).replace("%", "\\%");
                    next.add(text.substring(0, matcher.start()) + safe + text.substring(matcher.end()));
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
        var absent = Predicate.and(
                slots.stream().map(s -> (Predicate) new Predicate.IsNull(s)).toList());
        return emptyIsNull ? Predicate.or(List.of(absent, any(slots, List.of(Glob.literal("")), false))) : absent;
    }

    private Predicate regex(Modifiers m, List<Field> slots, YamlNode.Scalar value) throws ContentException {
        if (value.isNull()) {
            throw value.fault("a regular expression is text");
        }
        var any = new ArrayList<Predicate>();
        for (String pattern : expanded(m, value, Patterns::quoted)) {
            boolean onlyEnd = m.before && !m.after;
            boolean onlyStart = m.after && !m.before;
            var placed = onlyStart ? "\\A(?:" + pattern + ")" : onlyEnd ? "(?:" + pattern + ")\\z" : pattern;
            slots.forEach(slot -> any.add(new Predicate.Regex(slot, placed, m.flags)));
        }
        return Predicate.or(any);
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
