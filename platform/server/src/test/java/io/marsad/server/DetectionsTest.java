package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.node.Content;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All public rules over real Windows logs: what independent engines agree on is reported, what they differ about as
 * {@code docs/decisions/0010-disputed-detections.md} decides, and nothing else.
 */
class DetectionsTest {
    private static final Path CONTENT = Path.of(System.getProperty("marsad.root"), "content");
    private static final TenantId TENANT = new TenantId("detections");
    private static final long RECEIVED = 1_795_262_400_000L;

    /** A finding is reported once: when Defender makes it, not when it tells what it did about it. */
    private static final Set<String> DEFENDER_FINDINGS = Set.of("1006", "1015", "1116");

    private static Path data = Path.of(".");
    private static Content content;
    private static RuleMatcher matcher;
    private static Normalizer normalizer;

    /** A file's record and the rule that fits it. */
    private record Row(String file, String record, String rule) {}

    @BeforeAll
    static void load() throws Exception {
        var set = System.getenv("MARSAD_SHARED_DATA");
        data = set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root"), "..", "shared", "data");
        assumeTrue(Files.isDirectory(data.resolve("expected")), () -> "skipped: no real data at " + data);
        content = Content.load(CONTENT, List.of(data.resolve("sigma")));
        matcher = content.rules().compile();
        normalizer = new Normalizer(content.mappings());
    }

    @Test
    void reportsWhatIsAgreedAndWhatIsDecidedAndNothingElse() throws Exception {
        var compared = new TreeSet<String>();
        for (var line : Files.readAllLines(data.resolve("expected/per_file.json"))) {
            if (line.startsWith("\"evtx/")) {
                compared.add(line.substring(1, line.indexOf(".evtx\"") + 5));
            }
        }
        var found = new TreeMap<Row, String>(DetectionsTest::order);
        for (Path file : files("evtx", ".evtx")) {
            var name = data.relativize(file).toString().replace('\\', '/');
            var rows = matches(file);
            if (compared.contains(name)) {
                rows.forEach(row -> found.put(new Row(name, row.record, row.rule), row.file));
            }
        }
        assertThat(compared).isNotEmpty();

        var missing = new ArrayList<String>();
        var allowed = new TreeSet<Row>(DetectionsTest::order);
        for (var line : table("expected/detections.tsv")) {
            var row = new Row(line[0], line[1], line[5]);
            allowed.add(row);
            if (!found.containsKey(row)) {
                missing.add(String.join(" ", line));
            }
        }
        var undecided = new ArrayList<String>();
        for (var line : table("expected/disputed.tsv")) {
            var row = new Row(line[0], line[1], line[5]);
            boolean fires = decidedToFire(line[10].substring(0, 2)).test(line);
            if (fires) {
                allowed.add(row);
            }
            if (fires != found.containsKey(row)) {
                undecided.add((fires ? "silent: " : "fired: ") + String.join(" ", line));
            }
        }
        var beyond = found.keySet().stream()
                .filter(row -> !allowed.contains(row))
                .map(row -> row + " " + found.get(row))
                .toList();
        System.out.printf(
                "DetectionsTest: %d reported in %d files, %d missing, %d against a decision, %d beyond%n",
                found.size(), compared.size(), missing.size(), undecided.size(), beyond.size());
        assertThat(missing).as("agreed and not reported").isEmpty();
        assertThat(undecided).as("against a decision").isEmpty();
        assertThat(beyond).as("reported beyond the agreed and the decided").isEmpty();
    }

    @Test
    void everyRulesOwnCaseFiresAsEventLogAndAsJson() throws Exception {
        var silent = new ArrayList<String>();
        int cases = 0;
        int json = 0;
        for (var line : table("expected/sigmahq_regression.tsv")) {
            var path = data.resolve("evtx/sigmahq-regression/" + line[0].substring("regression_data/".length()));
            if (Files.notExists(path)) {
                System.out.println("DetectionsTest: no file " + line[0]);
                continue;
            }
            cases++;
            long matches = count(path, line[2]);
            if (matches < (line[6].isEmpty() ? 1 : Long.parseLong(line[6]))) {
                silent.add(matches + " times: " + line[0]);
            }
            var sibling = path.resolveSibling(line[2] + ".json");
            if (Files.exists(sibling) && !sibling.equals(path)) {
                json++;
                if (count(sibling, line[2]) == 0) {
                    silent.add("as JSON: " + line[0]);
                }
            }
        }
        System.out.println("DetectionsTest: " + cases + " regression cases, " + json + " of them as JSON too");
        assertThat(silent).isEmpty();
        assertThat(cases).isGreaterThan(90);
    }

    /** Each class once, as it was decided. */
    private static Predicate<String[]> decidedToFire(String decided) {
        return switch (decided) {
            case "D2" -> line -> true;
            case "D3" -> line -> DEFENDER_FINDINGS.contains(line[4]);
            case "D1", "D4", "D5", "D6", "D7", "D8", "D9" -> line -> false;
            default -> throw new IllegalStateException("no decision about class " + decided);
        };
    }

    private static long count(Path file, String rule) throws IOException {
        return matches(file).stream().filter(row -> row.rule.equals(rule)).count();
    }

    /** What fits in a file; in {@link Row#file} where the rule is. */
    private static List<Row> matches(Path file) throws IOException {
        var rows = new ArrayList<Row>();
        var out = new EventBatch(TENANT);
        var index = new int[1];
        RecordFiles.read(file, (format, bytes, offset, length) -> {
            var batch = new RecordBatch(TENANT, "detections", format.label(), RECEIVED, length);
            int record = index[0]++;
            batch.add(new EventId(1, record), (byte) 0, bytes, offset, length);
            out.clear();
            var refused = normalizer.normalize(batch, 0, out);
            assertThat(refused).as("record %d of %s", record, file).isNull();
            matcher.match(out, 0, new DetectionSink() {
                @Override
                public void detected(SigmaRule rule, EventBatch events, int row) {
                    rows.add(new Row(rule.about().file(), String.valueOf(record), rule.id()));
                }

                @Override
                public void contributed(
                        Correlation correlation, Correlation.Member member, EventBatch events, int row) {}
            });
        });
        return rows;
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (var files = Files.walk(data.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<String[]> table(String name) throws IOException {
        return Files.readAllLines(data.resolve(name)).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private static int order(Row a, Row b) {
        int byFile = a.file.compareTo(b.file);
        int byRecord = byFile != 0 ? byFile : a.record.compareTo(b.record);
        return byRecord != 0 ? byRecord : a.rule.compareTo(b.rule);
    }
}
