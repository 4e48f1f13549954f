package io.marsad.store.segment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was found damaged since the start. Thread-safe. */
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final int MAX = 1000;

    private final Set<String> seen = new LinkedHashSet<>();

    synchronized void report(String what) {
        if (seen.size() < MAX && seen.add(what)) {
            LOG.error("damage in the event store: {}", what);
        }
    }

    /** A file with its tenant's directory, for people. */
    static String name(Path file) {
        int n = file.getNameCount();
        return file.subpath(Math.max(0, n - 2), n).toString();
    }

    /** Takes the block out of every later search. */
    void isolate(Block block, Exception cause) {
        block.damaged = true;
        report(block + " is damaged and left out: " + cause.getMessage());
    }

    /** What was told of the file is no longer so. */
    synchronized void mended(String file) {
        if (seen.removeIf(what -> what.startsWith(file + " ") || what.startsWith(file + ":"))) {
            LOG.info("damage in the event store was mended: {}", file);
        }
    }

    synchronized List<String> all() {
        return new ArrayList<>(seen);
    }
}
