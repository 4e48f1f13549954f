package io.marsad.ingest.worker;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one pass adds to a source's row in the ledger. */
final class SourceCount {
    record Key(String origin, String format) {}

    static final int MAX_LOG_SOURCES = 32;

    long received;
    long stored;
    long deduplicated;
    long dead;
    long bytes;
    long firstReceived = Long.MAX_VALUE;
    long lastReceived;
    long lastEvent = Long.MIN_VALUE;

    @Nullable
    String lastError;

    final Set<String> logSources = new TreeSet<>();
}
