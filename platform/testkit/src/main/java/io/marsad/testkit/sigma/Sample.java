package io.marsad.testkit.sigma;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A line of a generated rule, and texts that fit it or nearly do.
 *
 * @param modifiers as written behind the field, with their bars
 * @param values what the line compares with
 * @param near for values of events: what was made to fit, and what was damaged a little afterwards
 */
record Sample(String modifiers, List<@Nullable Object> values, List<String> near) {
    static Sample random(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 -> regex(random);
            case 1 -> cidr(random);
            case 2 -> numbers(random);
            case 3 -> dates(random);
            case 4 -> encoded(random);
            case 5 -> typed(random);
            case 6 -> new Sample("|exists", list(random.nextBoolean()), List.of("", "x"));
            default -> text(random);
        };
    }

    private static List<@Nullable Object> list(@Nullable Object value) {
        var list = new ArrayList<@Nullable Object>();
        list.add(value);
        return list;
    }

    static String pick(SplittableRandom random, String... from) {
        return from[random.nextInt(from.length)];
    }

    private static String all(SplittableRandom random) {
        return random.nextInt(4) == 0 ? "|all" : random.nextInt(12) == 0 ? "|neq" : "";
    }

    private static int count(SplittableRandom random) {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
    }

    // ---- text

    private static Sample text(SplittableRandom random) {
        var place = pick(random, "", "", "|contains", "|contains", "|startswith", "|endswith");
        var more = pick(random, "", "", "", "|cased", "|windash");
        var modifiers = (random.nextBoolean() ? place + more : more + place) + all(random);
        var values = new ArrayList<@Nullable Object>();
        var near = new ArrayList<String>();
        for (int i = count(random); i > 0; i--) {
            var written = written(random);
            values.add(written);
            var wild = Wild.read(written);
            for (int k = 0; k < 4; k++) {
                var one = more.equals("|windash") ? dashed(wild, random) : wild;
                near.add(damaged(around(instance(one, random), place, random), random));
            }
        }
        if (modifiers.isEmpty() && random.nextInt(12) == 0) {
            values.add(null);
        }
        return new Sample(modifiers, values, near);
    }

    private static Wild dashed(Wild wild, SplittableRandom random) {
        var forms = wild.dashes();
        return forms.get(random.nextInt(forms.size()));
    }

    private static String written(SplittableRandom random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4); i > 0; i--) {
            text.append(random.nextInt(4) == 0 ? pick(random, Fragments.WRITTEN) : pick(random, Fragments.LITERALS));
        }
        return text.toString();
    }

    private static String instance(Wild wild, SplittableRandom random) {
        var text = new StringBuilder();
        for (int part : wild.parts()) {
            if (part == Wild.ANY) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    text.append(pick(random, Fragments.LITERALS));
                }
            } else if (part == Wild.ONE) {
                text.append(pick(random, "x", "\n", "\uD83D\uDE00", "Ä", "?", "\\"));
            } else {
                text.appendCodePoint(otherCase(part, random));
            }
        }
        return text.toString();
    }

    static int otherCase(int c, SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Character.toUpperCase(c);
            case 1 -> Character.toLowerCase(c);
            default -> c;
        };
    }

    private static String around(String text, String place, SplittableRandom random) {
        boolean before = place.equals("|contains") || place.equals("|endswith");
        boolean after = place.equals("|contains") || place.equals("|startswith");
        return (before && random.nextBoolean() ? pick(random, Fragments.LITERALS) : "")
                + text
                + (after && random.nextBoolean() ? pick(random, Fragments.LITERALS) : "");
    }

    private static String damaged(String text, SplittableRandom random) {
        if (random.nextInt(3) > 0) {
            return text;
        }
        var c = new ArrayList<Integer>();
        text.codePoints().forEach(c::add);
        int at = random.nextInt(c.size() + 1);
        switch (random.nextInt(4)) {
            case 0 -> c.add(at, pick(random, Fragments.LITERALS).codePointAt(0));
            case 1 -> {
                if (at < c.size()) {
                    c.remove(at);
                }
            }
            case 2 -> {
                if (at < c.size()) {
                    c.set(at, pick(random, Fragments.LITERALS).codePointAt(0));
                }
            }
            default -> c.add(random.nextBoolean() ? 0 : c.size(), (int) ' ');
        }
        var out = new StringBuilder();
        c.forEach(out::appendCodePoint);
        return out.toString();
    }

    // ---- others

    private static Sample typed(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return new Sample(all(random), list(random.nextBoolean()), List.of("true", "FALSE", "True", "1", "tru"));
        }
        if (random.nextInt(4) == 0) {
            return new Sample("", list(null), List.of("", "null", "~", "x"));
        }
        var number = pick(random, "0", "1", "4624", "-1", "1.0", "10.5", "2");
        return new Sample(
                pick(random, "", "", "", "|contains", "|startswith", "|neq"),
                list(new QuotedText.Number(number)),
                List.of(number, number + ".0", "x" + number + "y", "4624", "1", "1.0", "2", "one", "10.5"));
    }

    private static Sample regex(SplittableRandom random) {
        var flags = pick(random, "", "", "|i", "|m", "|s", "|i|s", "|ignorecase", "|m|i", "|dotall", "|multiline");
        var place = pick(random, "", "", "", "", "|contains", "|startswith", "|endswith");
        var values = new ArrayList<@Nullable Object>();
        var near = new ArrayList<String>();
        for (int i = count(random); i > 0; i--) {
            String[] regex;
            do {
                regex = Fragments.REGEXES[random.nextInt(Fragments.REGEXES.length)];
            } while (isOpen(regex[0], flags, place));
            values.add(regex[0]);
            for (int k = 1; k < regex.length; k++) {
                near.add(regex[k]);
                near.add(damaged(
                        pick(random, Fragments.LITERALS) + regex[k] + pick(random, Fragments.LITERALS), random));
            }
        }
        return new Sample("|re" + flags + place + all(random), values, near);
    }

    /**
     * The specification does not say: what the end is for an expression that has one itself, and whether w without regard
     * to case has the long s and the sign of Kelvin (for RE2 it does, for PCRE it does not), nor whether a last line
     * feed begins a line (likewise).
     */
    private static boolean isOpen(String regex, String flags, String place) {
        return place.equals("|endswith") && regex.endsWith("$")
                || regex.equals("^$") && flags.contains("|m")
                || flags.contains("i") && (regex.contains("\\w") || regex.contains("\\W"));
    }

    private static Sample cidr(SplittableRandom random) {
        var values = new ArrayList<@Nullable Object>();
        for (int i = count(random); i > 0; i--) {
            values.add(pick(random, Fragments.NETWORKS));
        }
        return new Sample("|cidr" + all(random), values, List.of(Fragments.ADDRESSES));
    }

    private static Sample numbers(SplittableRandom random) {
        var number =
                new QuotedText.Number(pick(random, "0", "1", "-1", "10", "10.5", "1.5", "1000", "9007199254740991"));
        return new Sample(
                pick(random, "|gt", "|gte", "|lt", "|lte") + pick(random, "", "", "|neq"),
                list(number),
                List.of(Fragments.NUMBERS));
    }

    private static Sample dates(SplittableRandom random) {
        var unit = pick(random, "|minute", "|hour", "|day", "|week", "|month", "|year");
        var number = unit.equals("|year")
                ? pick(random, "2024", "2026")
                : pick(random, "0", "1", "3", "4", "12", "23", "31", "53", "59");
        return new Sample(
                unit + pick(random, "", "", "|gt", "|gte", "|lt", "|lte") + pick(random, "", "", "|neq"),
                list(new QuotedText.Number(number)),
                List.of(Fragments.DATES));
    }

    private static Sample encoded(SplittableRandom random) {
        var encoding = pick(random, "", "", "|wide", "|utf16le", "|utf16be", "|utf16");
        var base = pick(random, "|base64", "|base64offset", "|base64offset");
        var place = pick(random, "|contains", "|contains", "|contains", "", "|startswith", "|endswith");
        Charset charset = switch (encoding) {
            case "" -> StandardCharsets.UTF_8;
            case "|utf16be" -> StandardCharsets.UTF_16BE;
            default -> StandardCharsets.UTF_16LE;
        };
        var values = new ArrayList<@Nullable Object>();
        var near = new ArrayList<String>();
        for (int i = count(random); i > 0; i--) {
            var text = pick(
                    random,
                    "f",
                    "fo",
                    "foo",
                    "foobar",
                    "ping -n",
                    "ä",
                    "/bin/sh",
                    "IEX",
                    "\uD83D\uDE00",
                    "a\\*b",
                    "x\\\\y",
                    "%");
            values.add(text);
            var plain = (encoding.equals("|utf16") ? "\uFEFF" : "")
                    + Wild.read(text).text();
            for (int filler = 0; filler < 4; filler++) {
                var bytes = ("xyz".substring(0, filler % 4) + "").getBytes(StandardCharsets.UTF_8);
                var whole = new java.io.ByteArrayOutputStream();
                whole.writeBytes(filler == 3 ? new byte[0] : bytes);
                whole.writeBytes(plain.getBytes(charset));
                whole.writeBytes(random.nextBoolean() ? "zz".getBytes(charset) : new byte[0]);
                near.add(damaged(Base64.getEncoder().encodeToString(whole.toByteArray()), random));
                near.add(around(near.getLast(), "|contains", random));
            }
        }
        return new Sample(encoding + base + pick(random, "", "", "|cased") + place + all(random), values, near);
    }
}
