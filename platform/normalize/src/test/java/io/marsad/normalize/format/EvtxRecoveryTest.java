package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of damaged event logs is found, and what is lost is told. */
class EvtxRecoveryTest {
    private static final int CHUNK = EvtxReader.CHUNK;
    private static final int HEADER = EvtxReader.HEADER;

    @TempDir
    private Path folder;

    private record Read(List<Long> ids, EvtxReader.Summary summary) {}

    private static List<EvtxWriter.Event> events(int count) {
        var events = new ArrayList<EvtxWriter.Event>();
        for (int i = 0; i < count; i++) {
            var data = new LinkedHashMap<String, String>();
            data.put("Image", "C:\\Windows\\System32\\app" + i + ".exe");
            data.put("CommandLine", "app --number " + i + " " + "x".repeat(i * 37 % 900));
            events.add(new EvtxWriter.Event(
                    100 + i, 1_600_000_000_000L + i, "Provider" + i % 3, "Channel", 1, "host", data));
        }
        return events;
    }

    /** Both doors, whole and in parts, say the same. */
    private Read read(byte[] bytes) throws IOException {
        var file = folder.resolve("log.evtx");
        Files.write(file, bytes);
        var ids = new ArrayList<Long>();
        var summary = EvtxReader.read(file, (id, written, b, offset, length) -> ids.add(id));
        assertThat(summary.records()).isEqualTo(ids.size());
        if (EvtxReader.isEvtx(bytes, bytes.length) && (bytes.length - HEADER) % CHUNK == 0) {
            var streamed = new ArrayList<Long>();
            new EvtxReader()
                    .read(new ByteArrayInputStream(bytes), (id, written, b, offset, length) -> streamed.add(id));
            assertThat(streamed).isEqualTo(ids);
        }
        try (var channel = java.nio.channels.FileChannel.open(file)) {
            var parts = new ArrayList<Long>();
            var reader = new EvtxReader();
            for (int i = 0; i < EvtxReader.chunks(bytes.length); i++) {
                reader.read(channel, i, 1, (id, written, b, offset, length) -> parts.add(id));
            }
            assertThat(parts).isEqualTo(ids);
        }
        return new Read(ids, summary);
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static int at(int chunk, int offset) {
        return HEADER + chunk * CHUNK + offset;
    }

    /** The first record of the chunk after its {@code n} first. */
    private static int recordAt(byte[] file, int chunk, int n) {
        int offset = 512;
        for (int i = 0; i < n; i++) {
            offset += java.nio.ByteBuffer.wrap(file)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt(at(chunk, offset) + 4);
        }
        return at(chunk, offset);
    }

    /** The ids of each chunk's records. */
    private List<List<Long>> byChunk(byte[] file) throws IOException {
        var path = folder.resolve("whole.evtx");
        Files.write(path, file);
        var all = new ArrayList<List<Long>>();
        try (var channel = java.nio.channels.FileChannel.open(path)) {
            for (int i = 0; i < EvtxReader.chunks(file.length); i++) {
                var ids = new ArrayList<Long>();
                new EvtxReader().read(channel, i, 1, (id, written, b, offset, length) -> ids.add(id));
                all.add(ids);
            }
        }
        return all;
    }

    @Test
    void aWholeFile() throws IOException {
        var file = EvtxWriter.file(events(200));
        assertThat(EvtxReader.chunks(file.length)).isGreaterThan(2);
        var read = read(file);
        assertThat(read.ids).isEqualTo(ids(100, 300));
        assertThat(read.summary.reasons()).isEmpty();
        var first = new ArrayList<String>();
        new EvtxReader()
                .read(
                        new ByteArrayInputStream(EvtxWriter.file(events(1))),
                        (id, written, b, offset, length) ->
                                first.add(written + new String(b, offset, length, StandardCharsets.UTF_8)));
        assertThat(first)
                .containsExactly(
                        "1600000000000{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"Provider0\"}},"
                                + "\"EventID\":1,\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2020-09-13T12:26:40.0000000Z\"}},"
                                + "\"EventRecordID\":100,\"Channel\":\"Channel\",\"Computer\":\"host\"},\"EventData\":"
                                + "{\"Image\":\"C:\\\\Windows\\\\System32\\\\app0.exe\",\"CommandLine\":\"app --number 0 \"}}}");
    }

    @Test
    void headersThatLie() throws IOException {
        var file = EvtxWriter.file(events(200));
        Arrays.fill(file, 8, 128, (byte) 0xFF);
        Arrays.fill(file, at(1, 8), at(1, 48), (byte) 0xFF);
        Arrays.fill(file, at(1, 52), at(1, 56), (byte) 0);
        file[at(1, 50)] = 0x77;
        var read = read(file);
        assertThat(read.ids).isEqualTo(ids(100, 300));
        assertThat(read.summary.reasons()).isEmpty();
        Arrays.fill(file, 0, HEADER, (byte) 0);
        assertThat(read(file).ids).isEqualTo(ids(100, 300));
    }

    @Test
    void aChunkWithoutItsMark() throws IOException {
        var file = EvtxWriter.file(events(200));
        Arrays.fill(file, at(1, 0), at(1, 512), (byte) 0x55);
        var read = read(file);
        assertThat(read.ids).isEqualTo(ids(100, 300));
        assertThat(read.summary.reasons()).containsExactly(Map.entry("a chunk without its mark", 1L));
    }

    @Test
    void damagedRecordHeaders() throws IOException {
        var file = EvtxWriter.file(events(200));
        file[recordAt(file, 1, 3)] = 0;
        var withoutMark = read(file);
        var lost = byChunk(EvtxWriter.file(events(200))).get(1).get(3);
        assertThat(withoutMark.ids).hasSize(199).doesNotContain(lost);
        assertThat(withoutMark.summary.reasons()).containsExactly(Map.entry("a record without its mark or size", 1L));

        var longer = EvtxWriter.file(events(200));
        longer[recordAt(longer, 1, 3) + 5] += 8;
        assertThat(read(longer).ids).containsAll(withoutMark.ids);
        var shorter = EvtxWriter.file(events(200));
        shorter[recordAt(shorter, 1, 3) + 4] = 40;
        shorter[recordAt(EvtxWriter.file(events(200)), 1, 3) + 5] = 0;
        assertThat(read(shorter).ids).containsAll(withoutMark.ids);
    }

    @Test
    void lostAndAddedBytesBetweenChunks() throws IOException {
        var file = EvtxWriter.file(events(200));
        var chunks = byChunk(file);
        for (int gap : new int[] {1, 100, 4096, 65000}) {
            var cut = new byte[file.length - gap];
            System.arraycopy(file, 0, cut, 0, at(1, 0) - gap);
            System.arraycopy(file, at(1, 0), cut, at(1, 0) - gap, file.length - at(1, 0));
            var expected = new HashSet<Long>();
            chunks.subList(1, chunks.size()).forEach(expected::addAll);
            assertThat(read(cut).ids).as("%d bytes lost", gap).containsAll(expected);
        }
    }

    @Test
    void cutOffInTheMiddle() throws IOException {
        var file = EvtxWriter.file(events(200));
        var chunks = byChunk(file);
        int third = recordAt(file, 1, 3);
        var read = read(Arrays.copyOf(file, third + 10));
        var expected = new ArrayList<>(chunks.get(0));
        expected.addAll(chunks.get(1).subList(0, 3));
        assertThat(read.ids).isEqualTo(expected);
        assertThat(read.summary.reasons()).containsKey("the file ends in the middle of a chunk");
    }

    /** Whatever happens to some chunks, the others' records all come, in order, once. */
    @Test
    void damageStaysWhereItIs() throws IOException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var good = EvtxWriter.file(events(250));
        var chunks = byChunk(good);
        for (int n = 0; n < 300; n++) {
            var file = good.clone();
            int damaged = random.nextInt(chunks.size());
            damage(file, damaged, random);
            Read read = read(file);
            var expected = new ArrayList<Long>();
            for (int c = 0; c < chunks.size(); c++) {
                expected.addAll(c == damaged ? List.of() : chunks.get(c));
            }
            assertThat(read.ids).as("seed %d, round %d", seed, n).containsSubsequence(expected);
        }
    }

    private static void damage(byte[] file, int chunk, SplittableRandom random) {
        int most = random.nextBoolean() ? 4 : 400;
        for (int k = random.nextInt(most) + 1; k > 0; k--) {
            // Not past the chunk: its neighbour is whole.
            int offset = random.nextBoolean() ? random.nextInt(CHUNK - 8) : random.nextInt(2048);
            switch (random.nextInt(3)) {
                case 0 -> file[at(chunk, offset)] = (byte) random.nextInt(256);
                case 1 -> file[at(chunk, offset)] ^= (byte) (1 << random.nextInt(8));
                default -> Arrays.fill(file, at(chunk, offset), at(chunk, offset) + 8, (byte) random.nextInt(3));
            }
        }
    }
}
