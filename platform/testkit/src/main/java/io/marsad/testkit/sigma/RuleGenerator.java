package io.marsad.testkit.sigma;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes rules and events that stress what is odd in the specification: quoting, escapes, letters whose case is not simple,
 * absent, null and empty fields, arrays and paths, every modifier and most of their combinations, identifiers that look
 * like operators. Events are made of what the rule looks for, some a little damaged, so that about as many fit as do not.
 */
public final class RuleGenerator {
    private static final String[] FIELDS = {
        "F", "G", "Image", "Command Line", "a.b", "a.b.c", "x-y", "Ünï", "@t", "User"
    };
    private static final String[] IDENTIFIERS = {
        "selection",
        "sel_1",
        "sel_2",
        "filter_main",
        "_hidden",
        "notepad",
        "nothing",
        "order",
        "android",
        "sel-x",
        "1st",
        "allof",
        "SEL_3",
        "of_it"
    };

    private final SplittableRandom random;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final List<Sample> keywords = new ArrayList<>();

    /**
     * A rule and events to ask it about.
     *
     * @param id the rule's
     * @param rule YAML
     */
    public record Pairs(String id, String rule, List<Map<String, @Nullable Object>> events) {
        /** An event as JSON. */
        public String json(int event) {
            return QuotedText.json(events.get(event));
        }
    }

    public RuleGenerator(SplittableRandom random) {
        this.random = random;
    }

    /** Another rule with so many events. */
    public Pairs next(int events) {
        samples.clear();
        keywords.clear();
        boolean windows = random.nextInt(6) == 0;
        var id = String.format(Locale.ROOT, "00000000-0000-4000-8000-%012x", random.nextLong() & 0xFFFFFFFFFFFFL);
        var rule = rule(id, windows);
        var made = new ArrayList<Map<String, @Nullable Object>>();
        for (int i = 0; i < events; i++) {
            made.add(event());
        }
        return new Pairs(id, rule, made);
    }

    // ---- rules

    private String rule(String id, boolean windows) {
        var names = new ArrayList<String>();
        var out = new StringBuilder("title: Generated\nid: ").append(id).append('\n');
        out.append("logsource: {product: ").append(windows ? "windows" : "test").append("}\ndetection:\n");
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            var name = Sample.pick(random, IDENTIFIERS);
            if (!names.contains(name)) {
                names.add(name);
                out.append("  ").append(name).append(":");
                search(out);
            }
        }
        out.append("  condition:");
        if (random.nextInt(10) == 0) {
            out.append("\n    - ")
                    .append(condition(names, 2))
                    .append("\n    - ")
                    .append(condition(names, 1))
                    .append('\n');
        } else {
            out.append(' ').append(condition(names, 3)).append('\n');
        }
        return out.toString();
    }

    private void search(StringBuilder out) {
        switch (random.nextInt(12)) {
            case 0 -> out.append(' ').append(keyword(false)).append('\n');
            case 1 -> {
                out.append('\n');
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    out.append("    - ").append(keyword(false)).append('\n');
                }
            }
            case 2 -> {
                out.append('\n');
                keywordItem(out);
            }
            case 3, 4 -> {
                out.append('\n');
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    if (random.nextInt(8) == 0) {
                        out.append("    - ").append(keyword(false)).append('\n');
                    } else {
                        map(out, "    - ");
                    }
                }
            }
            default -> {
                out.append('\n');
                map(out, "    ");
            }
        }
    }

    private void map(StringBuilder out, String indent) {
        var next = indent;
        var keys = new ArrayList<String>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            if (random.nextInt(25) == 0) {
                var field = Sample.pick(random, FIELDS);
                var key = field + "|fieldref"
                        + Sample.pick(random, "", "", "|contains", "|startswith", "|endswith", "|neq");
                if (!keys.contains(key)) {
                    keys.add(key);
                    out.append(next)
                            .append(key(key))
                            .append(' ')
                            .append(QuotedText.yaml(Sample.pick(random, FIELDS), random, false))
                            .append('\n');
                    next = "      ".substring(0, indent.length());
                }
                continue;
            }
            var field = Sample.pick(random, FIELDS);
            var sample = Sample.random(random);
            if (keys.contains(field + sample.modifiers())) {
                continue;
            }
            keys.add(field + sample.modifiers());
            samples.computeIfAbsent(field, f -> new ArrayList<>()).add(sample);
            out.append(next).append(key(field + sample.modifiers()));
            values(out, sample.values());
            next = "      ".substring(0, indent.length());
        }
    }

    private String key(String key) {
        boolean plain = key.matches("[A-Za-z].*");
        return (plain && random.nextInt(3) > 0 ? key : QuotedText.yaml(key, random, true)) + ":";
    }

    private void values(StringBuilder out, List<@Nullable Object> values) {
        if (values.size() == 1 && random.nextInt(4) > 0) {
            out.append(' ')
                    .append(QuotedText.yaml(values.getFirst(), random, false))
                    .append('\n');
        } else if (random.nextInt(4) == 0) {
            var list = new ArrayList<String>();
            values.forEach(value -> list.add(flow(value)));
            out.append(" [").append(String.join(", ", list)).append("]\n");
        } else {
            out.append('\n');
            values.forEach(value -> out.append("        - ")
                    .append(QuotedText.yaml(value, random, false))
                    .append('\n'));
        }
    }

    private String flow(@Nullable Object value) {
        var text = QuotedText.yaml(value, random, true);
        return value instanceof String plain && text.equals(plain) ? "'" + plain + "'" : text;
    }

    private String keyword(boolean flow) {
        Sample sample;
        do {
            sample = Sample.random(random);
        } while (!(sample.values().getFirst() instanceof String)
                || !sample.modifiers().isEmpty());
        keywords.add(sample);
        return QuotedText.yaml(sample.values().getFirst(), random, flow);
    }

    private void keywordItem(StringBuilder out) {
        Sample sample;
        do {
            sample = Sample.random(random);
        } while (!sample.values().stream().allMatch(v -> v instanceof String)
                || sample.modifiers().contains("cidr"));
        keywords.add(sample);
        var modifiers = sample.modifiers().isEmpty() ? "|all" : sample.modifiers();
        out.append("    ")
                .append(random.nextBoolean() ? "'" + modifiers + "'" : "\"" + modifiers + "\"")
                .append(':');
        values(out, sample.values());
    }

    private String condition(List<String> names, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return switch (random.nextInt(8)) {
                case 0 -> quantifier() + " of " + pattern(names);
                case 1 -> quantifier() + " of " + (names.stream().allMatch(n -> n.startsWith("_")) ? "_*" : "them");
                default -> names.get(random.nextInt(names.size()));
            };
        }
        return switch (random.nextInt(5)) {
            case 0 -> Sample.pick(random, "not ", "NOT ", "not  ") + "(" + condition(names, depth - 1) + ")";
            case 1 -> "not " + names.get(random.nextInt(names.size()));
            case 2 -> "( " + condition(names, depth - 1) + ")";
            case 3 -> condition(names, depth - 1) + Sample.pick(random, " and ", " AND ") + condition(names, depth - 1);
            default -> condition(names, depth - 1) + " or " + condition(names, depth - 1);
        };
    }

    private String quantifier() {
        return Sample.pick(random, "1", "all", "any", "1");
    }

    private String pattern(List<String> names) {
        var name = names.get(random.nextInt(names.size()));
        int cut = 1 + random.nextInt(name.length());
        return switch (random.nextInt(3)) {
            case 0 -> name;
            case 1 -> name.substring(0, cut) + "*";
            default -> name.startsWith("_") ? "_*" : "*" + name.substring(name.length() - cut);
        };
    }

    // ---- events

    private Map<String, @Nullable Object> event() {
        var event = new LinkedHashMap<String, @Nullable Object>();
        for (String field : FIELDS) {
            var fitting = samples.getOrDefault(field, List.of());
            if (random.nextInt(8) == 0 || fitting.isEmpty() && random.nextInt(3) > 0) {
                continue;
            }
            put(event, field, value(fitting));
        }
        for (Sample keyword : keywords) {
            if (random.nextInt(2) == 0) {
                event.put("Message" + random.nextInt(3), value(List.of(keyword)));
            }
        }
        return event;
    }

    private @Nullable Object value(List<Sample> fitting) {
        if (random.nextInt(7) == 0) {
            var list = new ArrayList<@Nullable Object>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(leaf(fitting));
            }
            return list;
        }
        return leaf(fitting);
    }

    private @Nullable Object leaf(List<Sample> fitting) {
        int kind = random.nextInt(24);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return "";
        }
        if (kind == 2) {
            return new QuotedText.Number(Sample.pick(random, "0", "1", "4624", "-1", "1.0", "10.5", "1e3", "2", "11"));
        }
        if (kind == 3) {
            return random.nextBoolean();
        }
        var near = fitting.isEmpty()
                ? List.<String>of()
                : fitting.get(random.nextInt(fitting.size())).near();
        return near.isEmpty() ? Sample.pick(random, "x", "A", "cmd.exe", " ") : near.get(random.nextInt(near.size()));
    }

    /** Puts a value where a field is: under its name, its name without blanks, or down a path. */
    private void put(Map<String, @Nullable Object> event, String field, @Nullable Object value) {
        int dot = field.indexOf('.');
        if (dot > 0 && random.nextInt(3) > 0) {
            var outer = field.substring(0, dot);
            var inner = new LinkedHashMap<String, @Nullable Object>();
            put(inner, field.substring(dot + 1), value);
            if (random.nextInt(4) == 0) {
                var list = new ArrayList<@Nullable Object>();
                list.add(inner);
                event.merge(outer, list, (a, b) -> b);
            } else {
                event.merge(outer, inner, (a, b) -> b);
            }
            return;
        }
        event.put(random.nextBoolean() ? field.replace(" ", "") : field, value);
    }
}
