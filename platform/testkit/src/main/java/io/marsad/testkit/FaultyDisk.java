package io.marsad.testkit;

import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFile;
import io.marsad.store.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that loses what a real one may lose: after {@link #powerOff} every sector that was written but not
 * synced is there or not, at random, and so are new names that were not synced. It can also be full, fail to sync and
 * flip bits.
 *
 * <p>Thread-safe.
 */
public final class FaultyDisk implements Disk {
    private static final int SECTOR = FaultyFile.SECTOR;
    /** What the operating system writes back at once. */
    private static final int PAGE = 4096;

    private final Map<Path, FaultyFile> names = new TreeMap<>();
    private final Map<Path, FaultyFile> durableNames = new TreeMap<>();
    private boolean off;
    private boolean syncFails;
    private long capacity = Long.MAX_VALUE;
    private long operationsLeft = Long.MAX_VALUE;
    private long roomLeft = Long.MAX_VALUE;
    private final Set<Path> folders = new HashSet<>();
    private final Set<Path> locked = new HashSet<>();
    private @Nullable Path unreadable;
    private long unreadableFrom;
    private long unreadableTo;

    /** From now on nothing works any more. */
    public synchronized void powerOff() {
        off = true;
    }

    /** The power goes off by itself after so many changes and syncs. A write that it goes off in is done in part. */
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

    /** From now on so many bytes may be written; the write that needs more is done in part. {@code Long.MAX_VALUE} ends it. */
    public synchronized void fullAfter(long bytes) {
        roomLeft = bytes;
    }

    /** Reads of these bytes fail until something is written there. */
    public synchronized void unreadable(Path file, long from, long to) {
        unreadable = file;
        unreadableFrom = from;
        unreadableTo = to;
    }

    /** All files that there are. */
    public synchronized List<Path> files() {
        return List.copyOf(names.keySet());
    }

    public synchronized boolean isOff() {
        return off;
    }

    /** What is found when only the process ended: everything that was written. Nothing works on this one any more. */
    public synchronized FaultyDisk afterKill() {
        off = true;
        var found = new FaultyDisk();
        found.folders.addAll(folders);
        found.names.putAll(names);
        found.durableNames.putAll(durableNames);
        found.unreadable = unreadable;
        found.unreadableFrom = unreadableFrom;
        found.unreadableTo = unreadableTo;
        return found;
    }

    /** What is found when the power comes back. */
    public synchronized FaultyDisk afterPowerLoss(SplittableRandom random) {
        off = true;
        var found = new FaultyDisk();
        found.folders.addAll(folders);
        found.unreadable = unreadable;
        found.unreadableFrom = unreadableFrom;
        found.unreadableTo = unreadableTo;
        int piece = random.nextBoolean() ? SECTOR : PAGE;
        var copies = new HashMap<FaultyFile, FaultyFile>();
        var all = new TreeMap<>(names);
        all.putAll(durableNames);
        all.forEach((path, any) -> {
            var node = names.get(path) == durableNames.get(path) || random.nextBoolean()
                    ? names.get(path)
                    : durableNames.get(path);
            if (node != null) {
                found.names.put(path, copies.computeIfAbsent(node, n -> n.survivor(piece, random)));
            }
        });
        found.durableNames.putAll(found.names);
        return found;
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

    private FaultyFile node(Path file) throws IOException {
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
        check();
    }

    private void check() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        check();
        return Stream.concat(names.keySet().stream(), folders.stream())
                .filter(p -> p.startsWith(folder) && !p.equals(folder))
                .map(p -> p.getName(folder.getNameCount()).toString())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public synchronized void makeFolder(Path folder) throws IOException {
        if (!folders.contains(folder)) {
            operate();
            for (var path = folder; path != null; path = path.getParent()) {
                folders.add(path);
            }
        }
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        operate();
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (!folders.contains(file.getParent())) {
            throw new NoSuchFileException(file.toString());
        }
        var node = new FaultyFile();
        names.put(file, node);
        return new Handle(file, node);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        check();
        return new Handle(file, node(file));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        operate();
        names.remove(file);
        folders.remove(file);
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
    public synchronized long size(Path file) throws IOException {
        check();
        var node = names.get(file);
        return node == null ? -1 : node.size;
    }

    @Override
    public synchronized Closeable lock(Path file) throws IOException {
        operate();
        if (!locked.add(file)) {
            throw new IOException(file.getParent() + " is open already");
        }
        return () -> {
            synchronized (this) {
                locked.remove(file);
            }
        };
    }

    @Override
    public synchronized long usable(Path folder) {
        return Math.clamp(capacity - used(), 0, roomLeft);
    }

    private long used() {
        return names.values().stream().mapToLong(n -> n.size).sum();
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final FaultyFile node;
        private boolean closed;

        Handle(Path path, FaultyFile node) {
            this.path = path;
            this.node = node;
        }

        private void open() throws IOException {
            check();
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (FaultyDisk.this) {
                open();
                return node.size;
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                open();
                int n = Math.clamp(node.size - position, 0, into.remaining());
                if (path.equals(unreadable) && position < unreadableTo && position + n > unreadableFrom) {
                    throw new IOException("input/output error");
                }
                into.put(node.now, (int) position, n);
                return n;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                open();
                if (operationsLeft == 0) {
                    put(from, (int) position, from.remaining() / 2);
                }
                operate();
                int length = from.remaining();
                long room = capacity - used() + Math.max(0, node.size - position); // bytes that are there cost nothing
                int fits = Math.clamp(Math.min(room, roomLeft), 0, length);
                put(from, (int) position, fits);
                if (roomLeft != Long.MAX_VALUE) {
                    roomLeft -= fits;
                }
                if (fits < length) {
                    throw new DiskFullException("no space left on the test's disk");
                }
            }
        }

        private void put(ByteBuffer from, int start, int length) {
            if (length == 0) {
                return;
            }
            int end = start + length;
            if (path.equals(unreadable) && start < unreadableTo && end > unreadableFrom) {
                unreadable = null;
            }
            if (end > node.now.length) {
                node.now = Arrays.copyOf(node.now, Math.max(end, node.now.length * 2));
            }
            from.get(node.now, start, length);
            node.size = Math.max(node.size, end);
            node.dirty.set(start / SECTOR, (end + SECTOR - 1) / SECTOR);
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultyDisk.this) {
                open();
                operate();
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
                open();
                operate();
                if (size < node.size) {
                    Arrays.fill(node.now, (int) size, node.size, (byte) 0);
                    node.dirty.set((int) size / SECTOR, (node.size + SECTOR - 1) / SECTOR);
                    node.size = (int) size;
                }
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
