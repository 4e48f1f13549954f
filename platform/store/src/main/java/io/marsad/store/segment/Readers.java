package io.marsad.store.segment;

import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who reads at the moment, so that a file that nothing names any more goes only when nobody can still be reading it.
 * Thread-safe.
 */
final class Readers {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private record Retired(long since, Path file) {}

    private final Disk disk;
    private final OpenFiles files;
    private final TreeMap<Long, Integer> active = new TreeMap<>();
    private final Deque<Retired> retired = new ArrayDeque<>();
    private long now;

    Readers(Disk disk, OpenFiles files) {
        this.disk = disk;
        this.files = files;
    }

    interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** What the work finds when it begins stays until it has ended. */
    <T extends @Nullable Object> T read(Work<T> work) throws IOException {
        long entered = enter();
        try {
            return work.run();
        } finally {
            leave(entered);
        }
    }

    /** Called before a reader looks at what there is; what it returns is given back to {@link #leave}. */
    synchronized long enter() {
        active.merge(now, 1, Integer::sum);
        return now;
    }

    synchronized void leave(long entered) {
        active.computeIfPresent(entered, (_, n) -> n == 1 ? null : n - 1);
        sweep();
    }

    /** Nothing that comes to read from now on will read these. */
    synchronized void retire(Collection<Path> gone) {
        gone.forEach(file -> retired.add(new Retired(now, file)));
        now++;
        sweep();
    }

    private void sweep() {
        while (!retired.isEmpty() && (active.isEmpty() || active.firstKey() > retired.getFirst().since)) {
            var file = retired.removeFirst().file;
            try {
                files.forget(file);
                disk.delete(file);
            } catch (IOException e) {
                LOG.warn("the event store's {} was not deleted; it goes on the next start", Damage.name(file), e);
            }
        }
    }
}
