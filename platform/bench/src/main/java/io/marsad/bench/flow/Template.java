package io.marsad.bench.flow;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A record with holes, see {@code traffic.txt}. */
final class Template {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final List<String> PER_RECORD = List.of("host", "user");

    /** What is set anew each time a record is sent: how many bytes it takes. */
    enum Fresh {
        TIME(23),
        STAMP(14),
        SERIAL(10);

        final int bytes;

        Fresh(int bytes) {
            this.bytes = bytes;
        }
    }

    /** Told where such a place is. */
    interface Places {
        void at(Fresh what, int offset);
    }

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Hole(String name, String argument) implements Part {}
    }

    private final List<Part> parts;

    Template(String text) {
        parts = parse(text);
    }

    private static List<Part> parse(String text) {
        var parts = new ArrayList<Part>();
        int from = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", from)) {
            int close = text.indexOf("}}", open);
            parts.add(new Part.Text(text.substring(from, open)));
            var name = text.substring(open + 2, close).split(":", 2);
            parts.add(new Part.Hole(name[0], name.length == 1 ? "" : name[1]));
            from = close + 2;
        }
        parts.add(new Part.Text(text.substring(from)));
        return parts;
    }

    /** One writer of records: its lists of values and its random numbers. */
    static final class Writer {
        private final Map<String, List<Template>> lists;
        private final SplittableRandom random;
        private final Map<String, String> ofRecord = new HashMap<>();

        Writer(Map<String, List<Template>> lists, SplittableRandom random) {
            this.lists = lists;
            this.random = random;
        }

        void write(Template template, ByteArrayOutputStream out, Places places) {
            ofRecord.clear();
            fill(template, out, places);
        }

        private void fill(Template template, ByteArrayOutputStream out, Places places) {
            for (Part part : template.parts) {
                switch (part) {
                    case Part.Text(String text) -> out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                    case Part.Hole(String name, String argument) -> {
                        var fresh = fresh(name);
                        if (fresh != null) {
                            places.at(fresh, out.size());
                            out.writeBytes("0".repeat(fresh.bytes).getBytes(StandardCharsets.US_ASCII));
                        } else if (lists.containsKey(name) && !PER_RECORD.contains(name)) {
                            fill(pick(name), out, places);
                        } else {
                            out.writeBytes(value(name, argument).getBytes(StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        }

        private static @Nullable Fresh fresh(String name) {
            return switch (name) {
                case "time" -> Fresh.TIME;
                case "stamp" -> Fresh.STAMP;
                case "serial" -> Fresh.SERIAL;
                default -> null;
            };
        }

        /** Some are much more frequent than others. */
        private Template pick(String name) {
            var list = lists.getOrDefault(name, List.of());
            double u = random.nextDouble();
            return list.get((int) (list.size() * u * u * u));
        }

        private String plain(String name) {
            return ((Part.Text) pick(name).parts.getFirst()).text();
        }

        private String value(String name, String argument) {
            return switch (name) {
                case "host", "user" -> ofRecord.computeIfAbsent(name, this::plain);
                case "hex" -> hex(Integer.parseInt(argument));
                case "guid" -> "{" + hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12) + "}";
                case "num" -> {
                    int dash = argument.indexOf('-');
                    yield Integer.toString(random.nextInt(
                            Integer.parseInt(argument.substring(0, dash)),
                            Integer.parseInt(argument.substring(dash + 1)) + 1));
                }
                case "word" -> words(Integer.parseInt(argument));
                default -> throw new IllegalArgumentException("{{" + name + "}}");
            };
        }

        private String words(int count) {
            var text = new StringBuilder(plain("words"));
            for (int i = 1; i < count; i++) {
                text.append(' ').append(plain("words"));
            }
            return text.toString();
        }

        private String hex(int digits) {
            var text = new StringBuilder(digits);
            long bits = 0;
            for (int i = 0; i < digits; i++) {
                bits = i % 16 == 0 ? random.nextLong() : bits >>> 4;
                text.append(HEX[(int) bits & 15]);
            }
            return text.toString();
        }
    }
}
