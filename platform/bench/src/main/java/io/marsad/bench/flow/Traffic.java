package io.marsad.bench.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes request bodies of mixed records, the same for the same seed. */
final class Traffic {
    private static final String[] TLDS = {"com", "net", "org", "io", "co.uk", "example"};

    /** A kind of sender, with how much of all it sends. */
    private record Source(String origin, String format, int share, List<Template> templates) {}

    private final List<Source> sources = new ArrayList<>();
    private final Map<String, List<Template>> lists = new HashMap<>();
    private final Template.Writer writer;
    private final SplittableRandom random;

    Traffic(long seed) {
        random = new SplittableRandom(seed);
        writer = new Template.Writer(lists, random);
        try (InputStream in = Traffic.class.getResourceAsStream("traffic.txt")) {
            if (in == null) {
                throw new IllegalStateException("traffic.txt is not in the class path");
            }
            read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names();
    }

    private void read(String text) {
        List<Template> into = new ArrayList<>();
        boolean list = false;
        var record = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("@")) {
                into = new ArrayList<>();
                list = true;
                lists.put(line.substring(1), into);
            } else if (line.startsWith("%")) {
                var words = line.substring(1).split(" ", -1);
                into = new ArrayList<>();
                list = false;
                sources.add(new Source(words[0], words[1], Integer.parseInt(words[2]), into));
            } else if (line.startsWith("node=")) {
                record.append(record.isEmpty() ? "" : "\n").append(line);
            } else if (line.isEmpty() && !record.isEmpty()) {
                into.add(new Template(record.toString()));
                record.setLength(0);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int space = line.startsWith("*") && !list ? line.indexOf(' ') : -1;
                int times = space < 0 ? 1 : Integer.parseInt(line.substring(1, space));
                var template = new Template(line.substring(space + 1));
                for (int i = 0; i < times; i++) {
                    into.add(template);
                }
            }
        }
    }

    /** Who is on such a network. */
    private void names() {
        var first = "ahmed sara john maria li omar anna david fatima ivan noor peter huda carlos yuki lena".split(" ");
        var last = "khan smith garcia wang ali novak silva hassan brown lopez tanaka weber rossi jones saleh kim"
                .split(" ");
        var kinds = "srv wks lap sql web fs app".split(" ");
        fill("host", 2000, () -> of(kinds) + "-" + String.format(Locale.ROOT, "%05d", random.nextInt(99_999)));
        fill("user", 3000, () -> of(first) + "." + of(last) + random.nextInt(100));
        fill("lan", 4000, () -> "10." + random.nextInt(20) + "." + random.nextInt(256) + "." + random.nextInt(1, 255));
        fill(
                "wan",
                60_000,
                () -> random.nextInt(11, 120) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                        + random.nextInt(1, 255));
        fill(
                "domain",
                20_000,
                () -> (random.nextInt(3) == 0 ? "www." : "") + letters(random.nextInt(5, 14)) + "." + of(TLDS));
        fill("words", 600, () -> letters(random.nextInt(3, 11)));
    }

    private String of(String[] list) {
        return list[random.nextInt(list.length)];
    }

    private String letters(int n) {
        var text = new StringBuilder(n);
        for (int i = 0; i < n; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private void fill(String list, int size, java.util.function.Supplier<String> each) {
        var items = new ArrayList<Template>(size);
        for (int i = 0; i < size; i++) {
            items.add(new Template(each.get()));
        }
        lists.put(list, items);
    }

    /** Batches in the proportions of the sources, those of one source not all together. */
    List<Batch> batches(int count, int events) {
        var batches = new ArrayList<Batch>(count);
        var sent = new int[sources.size()];
        for (int i = 0; i < count; i++) {
            int most = 0;
            for (int s = 1; s < sent.length; s++) {
                if (due(s, sent, i) > due(most, sent, i)) {
                    most = s;
                }
            }
            sent[most]++;
            batches.add(batch(sources.get(most), events));
        }
        return batches;
    }

    private double due(int source, int[] sent, int made) {
        return sources.get(source).share() / 100.0 * (made + 1) - sent[source];
    }

    /** One record that a shipped rule is for. */
    Batch planted() {
        return batch(
                sources.stream()
                        .filter(source -> source.origin().equals("planted"))
                        .findFirst()
                        .orElseThrow(),
                1);
    }

    private Batch batch(Source source, int events) {
        var out = new ByteArrayOutputStream(events * 1200);
        var places = new ArrayList<Batch.Place>();
        for (int i = 0; i < events; i++) {
            int record = i;
            writer.write(
                    source.templates().get(random.nextInt(source.templates().size())),
                    out,
                    (what, offset) -> places.add(new Batch.Place(what, offset, record)));
            out.write('\n');
        }
        var body = out.toByteArray();
        int lines = 0;
        for (byte b : body) {
            lines += b == '\n' ? 1 : 0;
        }
        return new Batch(source.origin(), source.format(), body, lines, events, places);
    }
}
