package io.marsad.bench.search;

import io.marsad.testkit.sigma.Address;
import io.marsad.testkit.sigma.ReferenceEvent;
import io.marsad.testkit.sigma.Regex;
import io.marsad.testkit.sigma.TextTest;
import io.marsad.testkit.sigma.Wild;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes queries of every operator of the filter language out of values that real events have, each with its meaning as
 * {@code docs/reference/query-language.md} tells it. One thread uses it.
 */
final class QuestionMaker {
    /** A value that an event has. */
    record Seen(String field, String value) {}

    /** A condition as it is written and as it is meant. */
    private record Made(String text, Predicate<Subject> test) {}

    private static final int LONGEST = 200;
    private static final String DECIMAL = "[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?";

    private final Random random;
    private final List<Seen> seen;
    private final List<Seen> numbers;
    private final List<Seen> addresses;
    private final Map<String, List<String>> aliases;
    private final long[] times;
    private final Map<String, Integer> operators = new TreeMap<>();

    /**
     * @param aliases short names and the fields behind them
     * @param times of some events
     */
    QuestionMaker(Random random, List<Seen> seen, Map<String, List<String>> aliases, long[] times) {
        this.random = random;
        this.aliases = aliases;
        this.times = times;
        this.seen = seen.stream()
                .filter(s -> s.field.indexOf('`') < 0 && !s.value.isBlank() && s.value.length() <= LONGEST)
                .filter(s -> s.value.chars().noneMatch(c -> c < ' ' || c == 0xFFFD))
                .toList();
        numbers =
                this.seen.stream().filter(s -> s.value.matches("-?[0-9]{1,15}")).toList();
        addresses = this.seen.stream()
                .filter(s -> Address.read(s.value) != null && !s.value.contains(":"))
                .toList();
    }

    /** How often each operator was used. */
    Map<String, Integer> operators() {
        return operators;
    }

    Question next() {
        var made = condition(2);
        long from = 0;
        long to = Long.MAX_VALUE;
        if (random.nextInt(3) == 0) {
            long a = times[random.nextInt(times.length)];
            long b = times[random.nextInt(times.length)];
            from = Math.min(a, b);
            to = Math.max(a, b) + 1;
        }
        return new Question(made.text, made.test, from, to, pick(seen).field);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Made condition(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return simple();
        }
        var left = condition(depth - 1);
        if (random.nextInt(4) == 0) {
            used("not");
            return new Made("not (" + left.text + ")", left.test.negate());
        }
        var right = condition(depth - 1);
        if (random.nextInt(3) == 0) {
            used("and");
            var between = random.nextBoolean() ? ") and (" : ") (";
            return new Made("(" + left.text + between + right.text + ")", left.test.and(right.test));
        }
        used("or");
        return new Made("(" + left.text + " or " + right.text + ")", left.test.or(right.test));
    }

    private void used(String operator) {
        operators.merge(operator, 1, Integer::sum);
    }

    private Made simple() {
        return switch (random.nextInt(14)) {
            case 0 -> words();
            case 1 -> anyValue();
            case 2, 3 -> equal();
            case 4 -> glob();
            case 5, 6 -> placed();
            case 7 -> regex();
            case 8 -> numbers.isEmpty() ? words() : number();
            case 9 -> numbers.isEmpty() ? words() : between();
            case 10 -> list();
            case 11 -> addresses.isEmpty() ? words() : network();
            case 12 -> presence();
            default -> nulls();
        };
    }

    /** Names of the field, as they may be written, and what they stand for. */
    private Map.Entry<String, List<String>> name(String field) {
        if (random.nextInt(3) == 0) {
            for (var alias : aliases.entrySet()) {
                if (alias.getValue().contains(field)) {
                    return alias;
                }
            }
        }
        if (field.startsWith("unmapped.") && field.indexOf('.', 9) < 0 && random.nextBoolean()) {
            var own = field.substring(9);
            if (aliases.containsKey(lower(own)) || Aliases.WITH_CAPTIONS.contains(lower(own))) {
                return Map.entry("`." + field + '`', List.of(field)); // the short name is another field's
            }
            return Map.entry('`' + own + '`', List.of(own, field));
        }
        return Map.entry("`." + field + '`', List.of(field));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private String part(String value) {
        int from = random.nextInt(value.length());
        int to = Math.min(value.length(), from + 1 + random.nextInt(12));
        if (from > 0 && Character.isLowSurrogate(value.charAt(from))) {
            from--;
        }
        if (to < value.length() && Character.isLowSurrogate(value.charAt(to))) {
            to++;
        }
        return value.substring(from, to);
    }

    private String otherCase(String text) {
        return switch (random.nextInt(3)) {
            case 0 -> text.chars().allMatch(c -> c < 0x80) ? text.toUpperCase(java.util.Locale.ROOT) : text;
            case 1 -> text.chars().allMatch(c -> c < 0x80) ? text.toLowerCase(java.util.Locale.ROOT) : text;
            default -> text;
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static Predicate<ReferenceEvent.Value> fits(Wild wild, boolean cased) {
        return new TextTest(wild, cased)::fits;
    }

    private Made words() {
        used("words");
        var word = otherCase(part(pick(seen).value));
        var test = fits(Wild.plain(word).open(true, true), false);
        return new Made(quoted(word), subject -> subject.anywhere(test));
    }

    private Made anyValue() {
        used("any_value");
        var word = otherCase(part(pick(seen).value));
        var test = fits(Wild.plain(word).open(true, true), false);
        return new Made("any_value contains " + quoted(word), subject -> subject.anyValue(test));
    }

    private Made of(Seen one, String operator, String value, Predicate<ReferenceEvent.Value> test, boolean not) {
        used(operator);
        var name = name(one.field);
        return new Made(
                name.getKey() + " " + operator + " " + value, subject -> subject.any(name.getValue(), test) != not);
    }

    private Made equal() {
        var one = pick(seen);
        var value = otherCase(one.value);
        return switch (random.nextInt(6)) {
            case 0 -> of(one, "==", quoted(value), fits(Wild.plain(value), true), false);
            case 1 -> of(one, "!==", quoted(value), fits(Wild.plain(value), true), true);
            case 2 -> of(one, "!=", text(value), fits(Wild.plain(value), false), true);
            case 3 -> of(one, "like", quoted(value), fits(Wild.plain(value), false), false);
            default -> of(one, "=", text(value), fits(Wild.plain(value), false), false);
        };
    }

    /** For operators that take networks too: a text that is one is not asked for. */
    private static String text(String value) {
        return quoted(
                value.indexOf('/') > 0 && Address.read(value.substring(0, value.indexOf('/'))) != null
                        ? value + " "
                        : value);
    }

    private Made glob() {
        var one = pick(seen);
        var parts = new ArrayList<Integer>();
        var written = new StringBuilder("\"");
        for (int c : otherCase(one.value).codePoints().toArray()) {
            int roll = random.nextInt(12);
            if (roll == 0) {
                parts.add(Wild.ANY);
                written.append('*');
            } else if (roll == 1) {
                parts.add(Wild.ONE);
                written.append('?');
            } else {
                parts.add(c);
                written.append("*?\"\\".indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c);
            }
        }
        boolean cased = random.nextBoolean();
        return of(one, cased ? "like_cs" : "like", written.append('"').toString(), fits(Wild.of(parts), cased), false);
    }

    private Made placed() {
        var one = pick(seen);
        boolean cased = random.nextInt(3) == 0;
        var suffix = cased ? "_cs" : "";
        var value = one.value;
        int cut = random.nextInt(value.length());
        if (Character.isLowSurrogate(value.charAt(cut))) {
            cut--;
        }
        return switch (random.nextInt(3)) {
            case 0 -> {
                var text = otherCase(value.substring(0, Math.max(1, cut)));
                yield of(
                        one,
                        "startswith" + suffix,
                        quoted(text),
                        fits(Wild.plain(text).open(false, true), cased),
                        false);
            }
            case 1 -> {
                var text = otherCase(value.substring(cut));
                yield of(
                        one,
                        "endswith" + suffix,
                        quoted(text),
                        fits(Wild.plain(text).open(true, false), cased),
                        false);
            }
            default -> {
                var text = otherCase(part(value));
                yield of(
                        one,
                        "contains" + suffix,
                        quoted(text),
                        fits(Wild.plain(text).open(true, true), cased),
                        false);
            }
        };
    }

    private Made regex() {
        var one = pick(seen);
        var regex = new StringBuilder();
        part(one.value).codePoints().forEach(c -> {
            int roll = random.nextInt(8);
            if (roll == 0) {
                regex.append('.');
            } else if (roll == 1) {
                regex.append(c >= '0' && c <= '9' ? "\\d+" : c < 0x80 && Character.isLetter(c) ? "[a-z]{1,3}" : ".?");
            } else {
                regex.append(c < 0x80 && !Character.isLetterOrDigit(c) ? "\\" : "")
                        .appendCodePoint(c);
            }
        });
        boolean cased = random.nextBoolean();
        var pattern = Regex.compile(regex.toString(), !cased, false, false, false, false);
        boolean not = !cased && random.nextInt(3) == 0;
        var operator = cased ? "matches_cs" : not ? "!~" : random.nextBoolean() ? "~" : "matches";
        return of(one, operator, quoted(regex.toString()), v -> pattern.test(String.valueOf(v.text())), not);
    }

    private static boolean isNumber(ReferenceEvent.Value value, Predicate<Double> test) {
        var text = value.text();
        return text != null && text.matches(DECIMAL) && test.test(Double.valueOf(text));
    }

    private Made number() {
        var one = pick(numbers);
        long bound = Long.parseLong(one.value) + random.nextInt(3) - 1;
        return switch (random.nextInt(4)) {
            case 0 -> of(one, "<", "" + bound, v -> isNumber(v, d -> d < bound), false);
            case 1 -> of(one, "<=", "" + bound, v -> isNumber(v, d -> d <= bound), false);
            case 2 -> of(one, ">", "" + bound, v -> isNumber(v, d -> d > bound), false);
            default -> of(one, ">=", "" + bound, v -> isNumber(v, d -> d >= bound), false);
        };
    }

    private Made between() {
        var one = pick(numbers);
        long low = Long.parseLong(one.value);
        long high = low + random.nextInt(1000);
        var name = name(one.field);
        used("between");
        return new Made(
                name.getKey() + " between " + low + " and " + high,
                subject -> subject.any(name.getValue(), v -> isNumber(v, d -> d >= low && d <= high)));
    }

    private Made list() {
        var one = pick(seen);
        boolean cased = random.nextInt(3) == 0;
        var values = new ArrayList<String>();
        values.add(otherCase(one.value));
        var same = seen.stream().filter(s -> s.field.equals(one.field)).toList();
        for (int n = random.nextInt(4); n > 0; n--) {
            values.add(pick(same).value);
        }
        values.removeIf(v -> !text(v).equals(quoted(v)));
        values.add("no such value");
        var tests = values.stream().map(v -> fits(Wild.plain(v), cased)).toList();
        boolean not = !cased && random.nextBoolean();
        var written = values.stream().map(QuestionMaker::quoted).collect(Collectors.joining(", ", "(", ")"));
        return of(
                one,
                cased ? "in_cs" : not ? "not in" : "in",
                written,
                value -> tests.stream().anyMatch(test -> test.test(value)),
                not);
    }

    private Made network() {
        var one = pick(addresses);
        int bits = 1 + random.nextInt(32);
        var address = Address.read(one.value);
        var base = address == null ? java.math.BigInteger.ZERO : address.value();
        long cut = base.longValue() & (0xFFFF_FFFFL << (32 - bits)) & 0xFFFF_FFFFL;
        var text = (cut >> 24) + "." + (cut >> 16 & 255) + "." + (cut >> 8 & 255) + "." + (cut & 255) + "/" + bits;
        var network = Address.Network.read(text);
        Predicate<ReferenceEvent.Value> test = value -> {
            var read = Address.read(String.valueOf(value.text()));
            return read != null && network.has(read);
        };
        return random.nextBoolean()
                ? of(one, "in cidr", "(\"" + text + "\")", test, false)
                : of(one, "=", text, test, false);
    }

    private Made presence() {
        var name = name(pick(seen).field);
        var operator = random.nextBoolean() ? "exists" : "not exists";
        used(operator);
        boolean wanted = operator.equals("exists");
        return new Made(name.getKey() + " " + operator, subject -> subject.has(name.getValue()) == wanted);
    }

    private Made nulls() {
        var field = pick(seen).field;
        var operator = random.nextBoolean() ? "is null" : "is not null";
        used(operator);
        boolean wanted = operator.equals("is null");
        return new Made("`." + field + "` " + operator, subject -> subject.isNull(field) == wanted);
    }
}
