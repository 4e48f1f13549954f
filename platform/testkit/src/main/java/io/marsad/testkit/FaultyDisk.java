package io.marsad.testkit;

import io.marsad.store.log.DiskFullException;
import io.marsad.store.log.LogFile;
import io.marsad.store.log.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that loses what a real one may lose: after {@link #powerOff} every sector that was written but not
 * synced is there or not, at random, and so are new names that were not synced. It can also be full, fail to sync and
 * flip bits.
 *
 * <p>Thread-safe.
 */
public final class FaultyDisk implements LogFiles {
    private static final int SECTOR = 512;

    private static final class Node {
        byte[] now = new byte[0];
        int size;
        byte[] durable = new byte[0];
        final BitSet dirty = new BitSet();
    }

    private final Map<Path, Node> names = new TreeMap<>();
    private final Map<Path, Node> durableNames = new TreeMap<>();
    private boolean off;
    private boolean syncFails;
    private long capacity = Long.MAX_VALUE;
    private long operationsLeft = Long.MAX_VALUE;

    /** From now on nothing works any more. */
    public synchronized void powerOff() {
        off = true;
    }

    /** The power goes off by itself after so many reads, writes and syncs. */
    public synchronized void powerOffAfter(long operations) {
        operationsLeft = operations;
    }

    public synchronized void failSyncs() {
        syncFails = true;
    }

    /** Bytes that all files together may have. */
    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** What is found when the power comes back. */
    public synchronized FaultyDisk afterPowerLoss(SplittableRandom random) {
        off = true;
        var found = new FaultyDisk();
        var copies = new HashMap<Node, Node>();
        var all = new TreeMap<>(names);
        all.putAll(durableNames);
        all.forEach((path, any) -> {
            var node = names.get(path) == durableNames.get(path) || random.nextBoolean()
                    ? names.get(path)
                    : durableNames.get(path);
            if (node != null) {
                found.names.put(path, copies.computeIfAbsent(node, n -> survivor(n, random)));
            }
        });
        found.durableNames.putAll(found.names);
        return found;
    }

    private static Node survivor(Node node, SplittableRandom random) {
        var copy = new Node();
        int shorter = Math.min(node.size, node.durable.length);
        int size = node.size == node.durable.length
                ? node.size
                : shorter + random.nextInt(Math.abs(node.size - node.durable.length) + 1);
        copy.now = Arrays.copyOf(node.durable, size);
        copy.size = size;
        int likely = random.nextInt(101);
        for (int s = node.dirty.nextSetBit(0); s >= 0; s = node.dirty.nextSetBit(s + 1)) {
            int from = s * SECTOR;
            int to = Math.min(from + SECTOR, Math.min(size, node.size));
            if (random.nextInt(100) < likely && from < to) {
                System.arraycopy(node.now, from, copy.now, from, to - from);
            }
        }
        copy.durable = copy.now.clone();
        return copy;
    }

    /** Turns over one bit of a file. */
    public synchronized void flip(Path file, long position, int bit) throws IOException {
        node(file).now[(int) position] ^= (byte) (1 << bit);
    }

    /** A copy of a file's bytes. */
    public synchronized byte[] bytes(Path file) throws IOException {
        var node = node(file);
        return Arrays.copyOf(node.now, node.size);
    }

    private Node node(Path file) throws IOException {
        var node = names.get(file);
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return node;
    }

    private void operate() throws IOException {
        if (operationsLeft-- <= 0) {
            off = true;
        }
        if (off) {
            throw new IOException("the power is off");
        }
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        operate();
        return names.keySet().stream()
                .filter(p -> p.startsWith(folder) && !p.equals(folder))
                .map(p -> p.getName(folder.getNameCount()).toString())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void makeFolder(Path folder) {}

    @Override
    public synchronized LogFile create(Path file) throws IOException {
        operate();
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        var node = new Node();
        names.put(file, node);
        return new Handle(node);
    }

    @Override
    public synchronized LogFile open(Path file) throws IOException {
        operate();
        return new Handle(node(file));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        operate();
        names.remove(file);
    }

    @Override
    public synchronized void rename(Path file, Path to) throws IOException {
        operate();
        names.put(to, node(file));
        names.remove(file);
    }

    @Override
    public synchronized void syncFolder(Path folder) throws IOException {
        operate();
        durableNames.keySet().removeIf(p -> folder.equals(p.getParent()) && !names.containsKey(p));
        names.forEach((path, node) -> {
            if (folder.equals(path.getParent())) {
                durableNames.put(path, node);
            }
        });
    }

    @Override
    public synchronized long modified(Path file) throws IOException {
        node(file);
        return 0;
    }

    @Override
    public synchronized long usable(Path folder) {
        return Math.max(0, capacity - used());
    }

    private long used() {
        return names.values().stream().mapToLong(n -> n.size).sum();
    }

    private final class Handle implements LogFile {
        private final Node node;
        private @Nullable String closed;

        Handle(Node node) {
            this.node = node;
        }

        private void check() throws IOException {
            operate();
            if (closed != null) {
                throw new IOException(closed);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (FaultyDisk.this) {
                check();
                return node.size;
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                check();
                int n = Math.clamp(node.size - position, 0, into.remaining());
                into.put(node.now, (int) position, n);
                return n;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                check();
                int start = (int) position;
                int end = start + from.remaining();
                if (used() + Math.max(0, end - node.size) > capacity) {
                    throw new DiskFullException("no space left on the test's disk");
                }
                if (end > node.now.length) {
                    node.now = Arrays.copyOf(node.now, Math.max(end, node.now.length * 2));
                }
                from.get(node.now, start, end - start);
                node.size = Math.max(node.size, end);
                node.dirty.set(start / SECTOR, (end + SECTOR - 1) / SECTOR);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultyDisk.this) {
                check();
                if (syncFails) {
                    throw new IOException("input/output error");
                }
                node.durable = Arrays.copyOf(node.durable, node.size);
                for (int s = node.dirty.nextSetBit(0); s >= 0; s = node.dirty.nextSetBit(s + 1)) {
                    int from = s * SECTOR;
                    int to = Math.min(from + SECTOR, node.size);
                    if (from < to) {
                        System.arraycopy(node.now, from, node.durable, from, to - from);
                    }
                }
                node.dirty.clear();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyDisk.this) {
                check();
                if (size < node.size) {
                    Arrays.fill(node.now, (int) size, node.size, (byte) 0);
                    node.dirty.set((int) size / SECTOR, (node.size + SECTOR - 1) / SECTOR);
                    node.size = (int) size;
                }
            }
        }

        @Override
        public void close() {
            closed = "the file is closed";
        }
    }
}
