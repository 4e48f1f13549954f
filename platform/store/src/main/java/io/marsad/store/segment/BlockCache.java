package io.marsad.store.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Directories and filters of blocks, the least used forgotten first. Thread-safe. */
final class BlockCache implements AutoCloseable {
    private final OpenFiles files;
    private final PageReader pages;
    private final long capacity;
    private final Map<Block, Directory> directories = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Block, BlockFilter> filters = new LinkedHashMap<>(64, 0.75f, true);
    private long directoryBytes;
    private long filterBytes;

    BlockCache(OpenFiles files, long capacity) {
        this.files = files;
        pages = new PageReader(files, true);
        this.capacity = capacity;
    }

    PageReader pages() {
        return pages;
    }

    Directory directory(Block block) throws IOException {
        synchronized (this) {
            var known = directories.get(block);
            if (known != null) {
                return known;
            }
        }
        var read = block.readDirectory(files); // outside the lock: two may read the same, which does no harm
        synchronized (this) {
            if (directories.put(block, read) == null) {
                directoryBytes += read.weight();
            }
            while (directoryBytes > capacity / 2 && directories.size() > 1) {
                directoryBytes -= eldest(directories).weight();
            }
            makeRoom();
        }
        return read;
    }

    /** The block's filter, or null when it has none, or one of a kind before this. */
    @Nullable
    BlockFilter filter(Directory directory) throws IOException {
        if (directory.filterLength == 0 || directory.block.format < 2) {
            return null;
        }
        synchronized (this) {
            var known = filters.get(directory.block);
            if (known != null) {
                return known;
            }
        }
        var read = directory.readFilter(files);
        synchronized (this) {
            if (filters.put(directory.block, read) == null) {
                filterBytes += read.weight();
            }
            makeRoom();
        }
        return read;
    }

    /** Directories have half, filters what directories leave. */
    private void makeRoom() {
        while (directoryBytes + filterBytes > capacity && filters.size() > 1) {
            filterBytes -= eldest(filters).weight();
        }
    }

    /** Nothing is kept of these segments' blocks any longer. */
    synchronized void forget(Collection<Segment> segments) {
        Set<Path> files = new HashSet<>();
        segments.forEach(segment -> files.add(segment.file));
        directories.entrySet().removeIf(entry -> {
            boolean gone = files.contains(entry.getKey().file);
            directoryBytes -= gone ? entry.getValue().weight() : 0;
            return gone;
        });
        filters.entrySet().removeIf(entry -> {
            boolean gone = files.contains(entry.getKey().file);
            filterBytes -= gone ? entry.getValue().weight() : 0;
            return gone;
        });
    }

    private static <T> T eldest(Map<Block, T> map) {
        var entries = map.entrySet().iterator();
        var value = entries.next().getValue();
        entries.remove();
        return value;
    }

    @Override
    public void close() {
        pages.close();
    }
}
