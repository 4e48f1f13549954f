package io.marsad.testkit.sigma;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line of a map: a field, its modifiers, its values (modifiers appendix 2.1.0). */
final class Item {
    private static final Map<String, String> SAME =
            Map.of("wide", "utf16le", "ignorecase", "i", "multiline", "m", "dotall", "s");
    private static final List<String> PLACES = List.of("contains", "startswith", "endswith");
    private static final List<String> ORDER = List.of("gt", "gte", "lt", "lte");
    private static final List<String> UTF_16 = List.of("utf16", "utf16le", "utf16be");
    private static final List<String> FLAGS = List.of("i", "m", "s");
    private static final Pattern PLACEHOLDER = Pattern.compile("%([A-Za-z0-9_.-]+)%");

    private final String field;
    private final List<String> modifiers = new ArrayList<>();
    private final Function<String, ? extends Collection<String>> names;
    private final Map<String, List<String>> lists;

    private Item(String key, ReferenceReader reader, Function<String, ? extends Collection<String>> names) {
        var parts = key.split("\\|", -1);
        field = parts[0];
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            modifiers.add(SAME.getOrDefault(part, part));
        }
        this.names = names;
        lists = reader.lists();
    }

    static Check read(
            String key,
            @Nullable Object value,
            ReferenceReader reader,
            Function<String, ? extends Collection<String>> names) {
        return new Item(key, reader, names).check(value);
    }

    private Check check(@Nullable Object written) {
        var values = new ArrayList<@Nullable Object>();
        flatten(written, values);
        if (values.isEmpty()) {
            throw new NotSigmaException("no value: " + field);
        }
        var checks = new ArrayList<Check>();
        for (Object value : values) {
            checks.add(one(value));
        }
        var check = has("all") ? Check.all(checks) : Check.any(checks);
        return has("neq") ? check.not() : check;
    }

    private static void flatten(@Nullable Object written, List<@Nullable Object> into) {
        if (written instanceof Collection<?> list) {
            list.forEach(inner -> flatten(inner, into));
        } else if (written instanceof Map<?, ?>) {
            throw new NotSigmaException("a map where a value is expected");
        } else {
            into.add(written);
        }
    }

    private Check one(@Nullable Object value) {
        if (has("exists")) {
            return exists(value);
        }
        if (has("fieldref")) {
            return reference(value);
        }
        if (field.isEmpty() && (has("cidr") || isNumeric())) {
            throw new NotSigmaException("keywords are text");
        }
        if (has("cidr")) {
            return network(value);
        }
        if (isNumeric()) {
            return number(value);
        }
        if (has("re")) {
            return regex(value);
        }
        if (FLAGS.stream().anyMatch(this::has)) {
            throw new NotSigmaException("i, m and s come after re");
        }
        return value == null ? isNull() : text(value);
    }

    private boolean has(String modifier) {
        return modifiers.contains(modifier);
    }

    private boolean isNumeric() {
        return modifiers.stream().anyMatch(m -> ORDER.contains(m) || DateParts.UNITS.contains(m));
    }

    private void only(String... allowed) {
        if (!Set.of(allowed).containsAll(modifiers)) {
            throw new NotSigmaException("these do not go together: " + modifiers);
        }
    }

    // ---- kinds of tests

    private Check exists(@Nullable Object value) {
        only("exists");
        if (!(value instanceof Boolean wanted) || field.isEmpty()) {
            throw new NotSigmaException("exists is true or false of a field");
        }
        var places = List.copyOf(names.apply(field));
        return event -> places.stream().anyMatch(name -> !event.values(name).isEmpty()) == wanted;
    }

    private Check reference(@Nullable Object value) {
        only("fieldref", "contains", "startswith", "endswith", "all", "neq");
        if (field.isEmpty()
                || !(value instanceof String other)
                || other.isEmpty()
                || other.contains("*")
                || other.contains("?")
                || !modifiers.stream()
                        .filter(m -> !m.equals("all") && !m.equals("neq"))
                        .findFirst()
                        .equals(java.util.Optional.of("fieldref"))) {
            throw new NotSigmaException("fieldref comes first and names a field");
        }
        boolean before = has("contains") || has("endswith");
        boolean after = has("contains") || has("startswith");
        var left = List.copyOf(names.apply(field));
        var right = List.copyOf(names.apply(other));
        return event -> values(event, left).stream()
                .anyMatch(l -> values(event, right).stream().anyMatch(r -> relates(l, r, before, after)));
    }

    private static boolean relates(
            ReferenceEvent.Value left, ReferenceEvent.Value right, boolean before, boolean after) {
        if (left.text() == null || right.text() == null) {
            return false;
        }
        if (before) {
            return after
                    ? left.folded().contains(right.folded())
                    : left.folded().endsWith(right.folded());
        }
        return after ? left.folded().startsWith(right.folded()) : left.folded().equals(right.folded());
    }

    private Check network(@Nullable Object value) {
        only("cidr", "all", "neq", "expand");
        var any = new ArrayList<Check>();
        for (String text : expanded(written(value), text -> text)) {
            var network = Address.Network.read(text);
            any.add(matches(v -> {
                var address = Address.read(v.text() == null ? "" : v.text());
                return address != null && network.has(address);
            }));
        }
        return Check.any(any);
    }

    private Check number(@Nullable Object value) {
        var units = modifiers.stream().filter(DateParts.UNITS::contains).toList();
        var orders = modifiers.stream().filter(ORDER::contains).toList();
        var allowed = new HashSet<>(Set.of("all", "neq"));
        allowed.addAll(units);
        allowed.addAll(orders);
        boolean wrong = units.size() > 1
                || orders.size() > 1
                || !allowed.containsAll(modifiers)
                || units.size() + orders.size() == 2
                        && modifiers.indexOf(units.getFirst()) > modifiers.indexOf(orders.getFirst());
        if (wrong || !(value instanceof Number)) {
            throw new NotSigmaException("a number, and a part of a date before its comparison: " + modifiers);
        }
        var wanted = new BigDecimal(value.toString());
        var order = orders.isEmpty() ? "" : orders.getFirst();
        return matches(v -> {
            var number = units.isEmpty() ? decimal(v.text()) : DateParts.of(v.text(), units.getFirst());
            if (number == null) {
                return false;
            }
            int compared = number.compareTo(wanted);
            return switch (order) {
                case "gt" -> compared > 0;
                case "gte" -> compared >= 0;
                case "lt" -> compared < 0;
                case "lte" -> compared <= 0;
                default -> compared == 0;
            };
        });
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        boolean is = text != null && text.matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");
        return is ? new BigDecimal(text) : null;
    }

    private Check regex(@Nullable Object value) {
        only("re", "i", "m", "s", "contains", "startswith", "endswith", "expand", "all", "neq");
        int re = modifiers.indexOf("re");
        boolean wrong = modifiers.subList(0, re).stream().anyMatch(m -> PLACES.contains(m) || FLAGS.contains(m));
        if (wrong || value == null) {
            throw new NotSigmaException("re comes first, and is text");
        }
        boolean before = has("contains") || has("endswith");
        boolean after = has("contains") || has("startswith");
        var any = new ArrayList<Check>();
        for (String text : expanded(written(value), Pattern::quote)) {
            var pattern = Regex.compile(text, has("i"), has("m"), has("s"), after && !before, before && !after);
            any.add(matches(v -> v.text() != null && pattern.test(v.text())));
        }
        return Check.any(any);
    }

    private Check isNull() {
        only("all", "neq");
        if (field.isEmpty()) {
            throw new NotSigmaException("null is no keyword");
        }
        var places = List.copyOf(names.apply(field));
        return event -> {
            var values = values(event, places);
            return values.isEmpty() || values.stream().anyMatch(v -> v.text() == null);
        };
    }

    private Check text(Object value) {
        boolean numeric = value instanceof Number && !field.isEmpty();
        var plain = new HashSet<>(modifiers);
        plain.removeAll(Set.of("all", "neq", "cased"));
        if (numeric && plain.isEmpty()) {
            var wanted = new BigDecimal(value.toString());
            return matches(v -> {
                var text = v.text();
                return text != null
                        && text.matches("-?(0|[1-9][0-9]*)(\\.0|\\.[0-9]*[1-9])?") // as text: 04624 is another
                        && text.startsWith("-") == wanted.signum() < 0
                        && new BigDecimal(text).compareTo(wanted) == 0;
            });
        }
        var any = new ArrayList<Check>();
        for (String written : expanded(written(value), Item::escape)) {
            for (Wild wild : transformed(Wild.read(written))) {
                boolean anywhere = field.isEmpty() && PLACES.stream().noneMatch(this::has);
                var test = new TextTest(anywhere ? wild.open(true, true) : wild, has("cased"));
                any.add(matches(test::fits));
            }
        }
        return Check.any(any);
    }

    // ---- values

    /** All modifiers of text, from left to right. */
    private List<Wild> transformed(Wild written) {
        var values = List.of(written);
        Charset charset = StandardCharsets.UTF_8;
        boolean mark = false;
        boolean encoded = false;
        for (String modifier : modifiers) {
            if (UTF_16.contains(modifier)) {
                if (encoded || charset != StandardCharsets.UTF_8) {
                    throw new NotSigmaException("an encoding comes once, before base64");
                }
                charset = modifier.equals("utf16be") ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
                mark = modifier.equals("utf16");
                continue;
            }
            var next = new ArrayList<Wild>();
            for (Wild value : values) {
                switch (modifier) {
                    case "contains" -> next.add(value.open(true, true));
                    case "startswith" -> next.add(value.open(false, true));
                    case "endswith" -> next.add(value.open(true, false));
                    case "windash" -> next.addAll(value.dashes());
                    case "base64" ->
                        next.add(Wild.plain(Base64.getEncoder().encodeToString(bytes(value, charset, mark))));
                    case "base64offset" -> next.addAll(offsets(bytes(value, charset, mark)));
                    case "all", "neq", "cased", "expand" -> next.add(value);
                    default -> throw new NotSigmaException("unknown or out of place: " + modifier);
                }
            }
            if (modifier.startsWith("base64")) {
                if (encoded) {
                    throw new NotSigmaException("Base64 of Base64");
                }
                encoded = true;
            }
            values = next;
        }
        if (charset != StandardCharsets.UTF_8 && !encoded) {
            throw new NotSigmaException("utf16 without base64");
        }
        return values;
    }

    private static byte[] bytes(Wild value, Charset charset, boolean mark) {
        var text = value.text();
        if (text.isEmpty()) {
            throw new NotSigmaException("nothing to encode");
        }
        return ((mark ? "\uFEFF" : "") + text).getBytes(charset);
    }

    /** Modifiers appendix, base64offset: what stays the same wherever in a longer text the bytes begin. */
    private static List<Wild> offsets(byte[] bytes) {
        var made = new ArrayList<Wild>();
        for (int filler = 0; filler < 3; filler++) {
            var padded = new byte[filler + bytes.length];
            System.arraycopy(bytes, 0, padded, filler, bytes.length);
            var text = Base64.getEncoder().withoutPadding().encodeToString(padded);
            int bits = bytes.length * 8;
            int firstWhole = (filler * 8 + 5) / 6; // the first character of six bits that are all ours
            int behindWhole = (filler * 8 + bits) / 6;
            if (behindWhole > firstWhole) {
                made.add(Wild.plain(text.substring(firstWhole, behindWhole)));
            }
        }
        return made;
    }

    private static String written(@Nullable Object value) {
        if (value == null) {
            throw new NotSigmaException("null where a text is expected");
        }
        return value instanceof Number ? new BigDecimal(value.toString()).toPlainString() : value.toString();
    }

    private List<String> expanded(String text, Function<String, String> quote) {
        if (!has("expand")) {
            return List.of(text);
        }
        var parts = List.of("");
        int end = 0;
        var matcher = PLACEHOLDER.matcher(text);
        int from = 0;
        while (matcher.find(from)) {
            boolean escaped = matcher.start() > 0 && text.charAt(matcher.start() - 1) == '\\';
            if (escaped) {
                from = matcher.start() + 1;
                continue;
            }
            var list = lists.get(matcher.group(1));
            if (list == null || list.isEmpty()) {
                throw new NotSigmaException("no list for %" + matcher.group(1) + "%");
            }
            var between = text.substring(end, matcher.start()).replace("\\%", "%");
            parts = parts.stream()
                    .flatMap(p -> list.stream().map(item -> p + between + quote.apply(item)))
                    .toList();
            end = matcher.end();
            from = end;
        }
        var rest = text.substring(end).replace("\\%", "%");
        return parts.stream().map(p -> p + rest).toList();
    }

    private static String escape(String text) {
        return text.replaceAll("[\\\\*?]", "\\\\$0");
    }

    // ---- where values are

    private Check matches(Predicate<ReferenceEvent.Value> test) {
        if (field.isEmpty()) {
            return event -> event.all().stream().anyMatch(test);
        }
        var places = List.copyOf(names.apply(field));
        return event -> {
            for (String name : places) {
                for (var value : event.values(name)) {
                    if (test.test(value)) {
                        return true;
                    }
                }
            }
            return false;
        };
    }

    private static List<ReferenceEvent.Value> values(ReferenceEvent event, List<String> places) {
        var values = new ArrayList<ReferenceEvent.Value>();
        places.forEach(name -> values.addAll(event.values(name)));
        return values;
    }
}
