package io.marsad.ingest.worker;

import io.marsad.kernel.event.LogSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one pass adds to a source's row in the ledger. */
final class SourceCount {
    record Key(String origin, String format) {}

    private static final int MAX_LOG_SOURCES = 32;

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
    private final Set<LogSource> met = new HashSet<>();
    private LogSource last = LogSource.NONE;

    void logSource(LogSource source) {
        if (source != last && source != LogSource.NONE && met.size() < MAX_LOG_SOURCES && met.add(source)) {
            logSources.add(source.toString());
        }
        last = source;
    }

    /** This and another pass's or source's together. */
    SourceCount plus(SourceCount other) {
        var sum = new SourceCount();
        sum.received = received + other.received;
        sum.stored = stored + other.stored;
        sum.deduplicated = deduplicated + other.deduplicated;
        sum.dead = dead + other.dead;
        sum.bytes = bytes + other.bytes;
        sum.firstReceived = Math.min(firstReceived, other.firstReceived);
        sum.lastReceived = Math.max(lastReceived, other.lastReceived);
        sum.lastEvent = Math.max(lastEvent, other.lastEvent);
        sum.lastError = other.lastError == null ? lastError : other.lastError;
        sum.logSources.addAll(logSources);
        sum.logSources.addAll(other.logSources);
        return sum;
    }
}
