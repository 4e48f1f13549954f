package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in a file what content files hold, so that reading them again is quick: YAML is most of the time that loading
 * thousands of rules takes.
 *
 * <pre>
 * var cache = RuleCache.open(file);
 * var rules = RuleSet.load(folders, fields, placeholders, cache);
 * cache.save(); // now or later; does nothing when nothing new was read
 * </pre>
 *
 * <p>What is remembered is keyed by the content of a file, compared byte by byte, neither by its name nor by its time, and
 * is what the YAML says, not what the engine made of it: mappings, taxonomy, lists and engine may change without it. A
 * cache of another version, or one that is damaged, is not used ({@link #ignored} says why) and is written anew. Who can
 * write the file can change rules, so it belongs beside them or into a folder of the user's own.
 *
 * <p>Thread-safe, except {@link #save}, which one thread calls when no load is going on.
 */
public final class RuleCache {
    /** Counts up whenever what {@link YamlReader} or {@link NodeCodec} make of the same bytes changes. */
    private static final int VERSION = 1;

    private static final long MAGIC = 0x4D52_5344_5255_4C45L;
    private static final int HEADER = 8 + 4 + 4 + 4;
    private static final int ENTRY = 4 + 4;
    private static final int MAX_BYTES = 128 << 20;

    private final @Nullable Path file;
    private final @Nullable String ignored;
    private final byte[] bytes;
    private final Map<Key, List<Entry>> known = new HashMap<>();
    private final Queue<Entry> learned = new ConcurrentLinkedQueue<>();
    private final AtomicInteger hits = new AtomicInteger();

    /** Finds the few contents that may be the same. */
    private record Key(int checksum, int length) {}

    /** A file's content and after it what it holds, somewhere in an array. */
    private static final class Entry {
        private final byte[] in;
        private final int offset;
        private final int contentLength;
        private final int nodesLength;
        private volatile boolean used;

        Entry(byte[] in, int offset, int contentLength, int nodesLength) {
            this.in = in;
            this.offset = offset;
            this.contentLength = contentLength;
            this.nodesLength = nodesLength;
        }

        boolean isOf(byte[] content) {
            return Arrays.equals(in, offset, offset + contentLength, content, 0, content.length);
        }

        int size() {
            return ENTRY + contentLength + nodesLength;
        }
    }

    private RuleCache(@Nullable Path file, byte[] bytes, @Nullable String problem) {
        this.file = file;
        this.bytes = bytes;
        ignored = problem == null && bytes.length > 0 ? index() : problem;
    }

    /** A cache that remembers nothing. */
    public static RuleCache none() {
        return new RuleCache(null, new byte[0], null);
    }

    /** Reads the cache, if it is there and good. */
    public static RuleCache open(Path file) {
        if (!Files.exists(file)) {
            return new RuleCache(file, new byte[0], null);
        }
        try {
            return Files.size(file) > MAX_BYTES
                    ? new RuleCache(file, new byte[0], "larger than " + (MAX_BYTES >> 20) + " MiB")
                    : new RuleCache(file, Files.readAllBytes(file), null);
        } catch (IOException e) {
            return new RuleCache(file, new byte[0], "unreadable: " + e);
        }
    }

    /** Why the file that was there could not be used; null when it could, or there was none. */
    public @Nullable String ignored() {
        return ignored;
    }

    /** How many files did not have to be parsed. */
    public int hits() {
        return hits.get();
    }

    /** How many files had to be parsed. */
    public int misses() {
        return learned.size();
    }

    /** Finds the entries; returns why they cannot be trusted, if so. */
    private @Nullable String index() {
        if (bytes.length < HEADER) {
            return "too short";
        }
        var in = ByteBuffer.wrap(bytes);
        if (in.getLong() != MAGIC) {
            return "not a rule cache";
        }
        if (in.getInt() != VERSION) {
            return "of another version";
        }
        var crc = new CRC32C();
        crc.update(bytes, HEADER - 4, bytes.length - HEADER + 4);
        if (in.getInt() != (int) crc.getValue()) {
            return "damaged";
        }
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            int content = in.getInt();
            int nodes = in.getInt();
            var entry = new Entry(bytes, in.position(), content, nodes);
            known.computeIfAbsent(key(bytes, in.position(), content), k -> new ArrayList<>(1))
                    .add(entry);
            in.position(in.position() + content + nodes);
        }
        return null;
    }

    private static Key key(byte[] content, int offset, int length) {
        var crc = new CRC32C();
        crc.update(content, offset, length);
        return new Key((int) crc.getValue(), length);
    }

    /**
     * The documents of a file, as {@link YamlReader#read(String, byte[])} reads them.
     *
     * @throws ContentException as it does
     */
    public List<YamlNode> read(String name, byte[] content) throws ContentException {
        if (file == null) {
            return YamlReader.read(name, content);
        }
        for (Entry entry : known.getOrDefault(key(content, 0, content.length), List.of())) {
            if (entry.isOf(content)) {
                entry.used = true;
                hits.incrementAndGet();
                return NodeCodec.read(name, bytes, entry.offset + entry.contentLength);
            }
        }
        try {
            var nodes = YamlReader.read(name, content);
            learn(content, NodeCodec.nodes(nodes));
            return nodes;
        } catch (ContentException e) {
            learn(content, NodeCodec.problems(e.problems()));
            throw e;
        }
    }

    private void learn(byte[] content, byte[] nodes) {
        var both = Arrays.copyOf(content, content.length + nodes.length);
        System.arraycopy(nodes, 0, both, content.length, nodes.length);
        learned.add(new Entry(both, 0, content.length, nodes.length));
    }

    /**
     * Writes what was learned beside what was known, all at once; what no load since {@link #open} asked for is dropped
     * when there is no room.
     *
     * @throws IOException when it cannot be written; the cache is as it was before, and loading does not depend on it
     */
    public void save() throws IOException {
        if (file == null || learned.isEmpty()) {
            return;
        }
        var kept = new ArrayList<>(learned);
        known.values().forEach(same -> same.stream().filter(e -> e.used).forEach(kept::add));
        known.values().forEach(same -> same.stream().filter(e -> !e.used).forEach(kept::add));
        long size = HEADER;
        int count = 0;
        while (count < kept.size() && size + kept.get(count).size() <= MAX_BYTES) {
            size += kept.get(count++).size();
        }
        var out = ByteBuffer.allocate((int) size)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putInt(0)
                .putInt(count);
        for (Entry entry : kept.subList(0, count)) {
            out.putInt(entry.contentLength).putInt(entry.nodesLength);
            out.put(entry.in, entry.offset, entry.contentLength + entry.nodesLength);
        }
        var crc = new CRC32C();
        crc.update(out.array(), HEADER - 4, out.array().length - HEADER + 4);
        out.putInt(HEADER - 8, (int) crc.getValue());
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        // Readable by its owner only.
        var temporary = Files.createTempFile(folder, file.getFileName().toString(), ".new");
        try {
            Files.write(temporary, out.array());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
