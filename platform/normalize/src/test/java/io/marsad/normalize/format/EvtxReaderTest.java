package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class EvtxReaderTest {
    /** A record as the reader and the Windows parser give it. */
    private record Read(long id, Map<String, List<String>> values, String json) {}

    private static List<Read> read(Path file) throws IOException {
        var all = new ArrayList<Read>();
        var tape = new Tape(new PathTable());
        var parser = RecordFormat.WINDOWS.newParser();
        EvtxReader.read(file, (id, written, bytes, offset, length) -> {
            var why = parser.parse(bytes, offset, length, written, tape);
            var json = new String(bytes, offset, length, StandardCharsets.UTF_8);
            assertThat(why).as(json).isNull();
            all.add(new Read(id, Leaves.map(tape), json));
        });
        return all;
    }

    @Test
    void agreesWithAnotherReader() throws IOException {
        var evtx = SharedData.folder("evtx").resolveSibling("");
        var expected = SharedData.folder("expected/events.ndjson.gz");
        var files = new HashMap<String, List<Read>>();
        var problems = new ArrayList<String>();
        var mapper = new ObjectMapper();
        int compared = 0;
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(expected)), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var node = mapper.readTree(line);
                var name = node.get("_f").asString();
                var records = files.get(name);
                if (records == null) {
                    records = read(evtx.resolve(name));
                    files.put(name, records);
                }
                int index = node.get("_i").asInt();
                if (index >= records.size()) {
                    problems.add("no record " + index + " in " + name);
                } else {
                    compare(node.get("e"), records.get(index), problems);
                    compared++;
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(compared).isGreaterThan(5000);
        assertThat(files.values().stream().mapToInt(List::size).sum()).isEqualTo(compared);
    }

    /** What the other reader leaves out: docs/reference/evtx.md. */
    private static final Set<String> ONLY_OURS = Set.of(
            "Execution_ThreadID",
            "Execution_KernelTime",
            "Execution_UserTime",
            "Execution_ProcessorID",
            "Provider_Guid",
            "Provider_EventSourceName",
            "Correlation_ActivityID",
            "EventID_Qualifiers",
            "EventData_Name",
            "SubscriptionBookmarkEvent.SubscriptionId",
            "System.Channel",
            "System.Level");

    /**
     * Where the other reader writes differently what is the same: it has no seventh digit of a time's fraction, has null
     * where there is no text, and gives names with blanks ("Threat Name") a second time without.
     */
    private static void compare(JsonNode expected, Read read, List<String> problems) {
        for (String name : read.values().keySet()) {
            var theirs = name.equals("TimeCreated") ? "SystemTime" : name;
            if (expected.get(theirs) == null && !ONLY_OURS.contains(name)) {
                problems.add("only ours has " + name + " in " + read.json());
            }
        }
        for (var entry : expected.properties()) {
            var name = entry.getKey().equals("SystemTime") ? "TimeCreated" : entry.getKey();
            var want = new ArrayList<String>();
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(one -> want.add(one.asString()));
            } else {
                want.add(entry.getValue().isNull() ? "" : entry.getValue().asString());
            }
            // Names lose their blanks; the other reader has both.
            var got = read.values().getOrDefault(name.replace(" ", ""), List.of());
            if (!got.equals(want)
                    && !(want.size() == 1 && got.size() == 1 && sameTime(want.getFirst(), got.getFirst()))) {
                problems.add(name + ": " + want + " <> " + got + " in " + read.json());
            }
        }
    }

    private static boolean sameTime(String six, String seven) {
        return seven.matches("[0-9-]{10}T[0-9:]{8}\\.[0-9]{7}Z")
                && (six.equals(seven.substring(0, 26) + "Z")
                        || six.replaceAll("0*Z", "Z").equals(seven.replaceAll("0*Z", "Z")));
    }

    /** Two files of parser projects' corner cases have a damaged record; all else is read to the last record. */
    @Test
    void readsEveryFile() throws IOException {
        long records = 0;
        var skipped = new TreeMap<String, Map<String, Long>>();
        var files = files(SharedData.folder("evtx"));
        for (var file : files) {
            var summary = EvtxReader.read(file, (id, written, bytes, offset, length) -> {});
            records += summary.records();
            if (summary.skippedChunks() + summary.skippedRecords() > 0) {
                skipped.put(String.valueOf(file.getFileName()), summary.reasons());
            }
        }
        assertThat(skipped)
                .containsOnlyKeys(
                        "2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx",
                        "sample_with_a_bad_chunk_magic.evtx");
        assertThat(records).isGreaterThan(50L * files.size());
    }

    @Test
    void aSmallFile() throws IOException {
        var bytes =
                EvtxFile.of(EvtxFile.event("4624", "TargetUserName", "bob\u00e9\n"), EvtxFile.event("1", "Image", "x"));
        var all = new ArrayList<String>();
        var summary = new EvtxReader().read(new ByteArrayInputStream(bytes), (id, written, b, offset, length) -> {
            assertThat(written).isEqualTo(1_600_000_000_000L);
            all.add(id + " " + new String(b, offset, length, StandardCharsets.UTF_8));
        });
        assertThat(summary).isEqualTo(new EvtxReader.Summary(2, 0, 0, Map.of()));
        assertThat(all)
                .containsExactly(
                        "1 {\"Event\":{\"System\":{\"EventID\":\"4624\"},\"EventData\":{\"TargetUserName\":\"bob\u00e9\\n\"}}}",
                        "2 {\"Event\":{\"System\":{\"EventID\":\"1\"},\"EventData\":{\"Image\":\"x\"}}}");
    }

    @Test
    void oneBrokenRecordDoesNotTouchTheOthers() throws IOException {
        var broken = EvtxFile.event("2", "a", "b");
        broken[4] = 0x33;
        var bytes = EvtxFile.of(EvtxFile.event("1", "a", "b"), broken, EvtxFile.event("3", "a", "b"));
        var ids = new ArrayList<Long>();
        var summary =
                new EvtxReader().read(new ByteArrayInputStream(bytes), (id, written, b, offset, length) -> ids.add(id));
        assertThat(ids).containsExactly(1L, 3L);
        assertThat(summary.reasons()).containsExactly(Map.entry("unknown token 51", 1L));
    }

    @Test
    void flippedBytesNeverCrashOrHang() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        fuzz(
                EvtxFile.of(EvtxFile.event("4624", "TargetUserName", "bob"), EvtxFile.event("1", "Image", "x")),
                1500,
                random,
                seed);
        var real = SharedData.folder("evtx/evtx-crate-corner-cases/samples/MSExchange_Management_wec.evtx");
        fuzz(Files.readAllBytes(real), 200, random, seed);
        var templates = SharedData.folder("evtx/python-evtx/tests/data/dns_log_malformed.evtx");
        fuzz(Files.readAllBytes(templates), 200, random, seed);
    }

    private static void fuzz(byte[] good, int times, SplittableRandom random, long seed) throws IOException {
        var reader = new EvtxReader();
        var parser = RecordFormat.WINDOWS.newParser();
        var tape = new Tape(new PathTable());
        for (int n = 0; n < times; n++) {
            var bytes = good.clone();
            for (int k = random.nextInt(60) + 1; k > 0; k--) {
                bytes[8 + random.nextInt(random.nextBoolean() ? 8192 : bytes.length - 8)] = (byte) random.nextInt(256);
            }
            var stream = new ByteArrayInputStream(
                    bytes, 0, random.nextInt(4) == 0 ? 8 + random.nextInt(bytes.length - 8) : bytes.length);
            reader.read(stream, (id, written, b, offset, length) -> {
                var why = parser.parse(b, offset, length, 0, tape);
                assertThat(why == null ? "" : why).as("seed %d", seed).doesNotContain("not JSON");
            });
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(f -> f.toString().endsWith(".evtx")).sorted().toList();
        }
    }
}
