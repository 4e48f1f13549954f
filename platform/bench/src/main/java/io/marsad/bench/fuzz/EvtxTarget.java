package io.marsad.bench.fuzz;

import io.marsad.normalize.format.EvtxReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.ObjectMapper;

/**
 * The EVTX reader. Whatever the bytes are, reading ends, refuses with an {@link IOException} or counts what it skips, and
 * every record that it gives is JSON.
 *
 * <p>The first byte says what the rest is: odd, a whole file; even, what stands in a chunk after its header. Chunks have
 * 64 KiB, and a fuzzer gets nowhere with inputs of that size.
 */
public final class EvtxTarget {
    private static final int HEADER = 4096;
    private static final int CHUNK = 65536;
    private static final int CHUNK_HEADER = 512;
    private static final ObjectMapper JSON = new ObjectMapper();

    private EvtxTarget() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var file = (data[0] & 1) == 1 ? Arrays.copyOfRange(data, 1, data.length) : chunk(data);
        try {
            var summary = new EvtxReader()
                    .read(
                            new ByteArrayInputStream(file),
                            (id, written, bytes, offset, length) ->
                                    JSON.readTree(new String(bytes, offset, length, StandardCharsets.UTF_8)));
            if (summary.records() > file.length / 28) {
                throw new AssertionError("more records than fit: " + summary);
            }
        } catch (IOException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }

    private static byte[] chunk(byte[] data) {
        int length = Math.min(data.length - 1, CHUNK - CHUNK_HEADER);
        var file = new byte[HEADER + CHUNK];
        put(file, 0, "ElfFile\0".getBytes(StandardCharsets.ISO_8859_1));
        put(file, HEADER, "ElfChnk\0".getBytes(StandardCharsets.ISO_8859_1));
        int free = CHUNK_HEADER + length;
        for (int i = 0; i < 4; i++) {
            file[HEADER + 48 + i] = (byte) (free >>> 8 * i);
        }
        System.arraycopy(data, 1, file, HEADER + CHUNK_HEADER, length);
        return file;
    }

    private static void put(byte[] file, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, file, at, bytes.length);
    }
}
