package io.marsad.api.events;

import io.marsad.api.http.Json;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.store.SearchProgress;
import io.marsad.store.query.run.Follower;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Lines on their way from the thread that runs a query to the one that writes to the client: a client that reads slowly
 * must not hold up the store. What waits is bounded by what a query may answer.
 */
final class QueryStream implements Follower {
    private static final byte[] END = {};
    private static final long PROGRESS_EVERY = 200_000_000L;

    /** So many events go into a line. */
    private static final int EVENTS_A_LINE = 100;

    private final EventLines lines;
    private final LinkedBlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
    private final long started = System.nanoTime();
    private long told = started;
    private int sent;
    private volatile boolean gone;

    QueryStream(EventLines lines) {
        this.lines = lines;
    }

    // ---- the thread that runs the query

    void line(Json.Writer writer) {
        waiting.add(Json.bytes(writer));
    }

    /** No more lines come. */
    void end() {
        waiting.add(END);
    }

    @Override
    public boolean goOn(SearchProgress progress) {
        long now = System.nanoTime();
        if (now - told >= PROGRESS_EVERY) {
            told = now;
            line(to -> {
                to.writeStartObject();
                to.writeStringProperty("type", "progress");
                numbers(to, progress, now - started);
                to.writeNumberProperty("percent", percent(progress));
                to.writeEndObject();
            });
        }
        return !gone;
    }

    static void numbers(tools.jackson.core.JsonGenerator to, SearchProgress progress, long tookNanos) {
        to.writeNumberProperty("scanned", progress.scannedEvents());
        to.writeNumberProperty("scanned_bytes", progress.scannedBytes());
        to.writeNumberProperty("total_bytes", progress.totalBytes());
        to.writeNumberProperty("found", progress.found());
        to.writeNumberProperty("took_ms", tookNanos / 1_000 / 1e3);
    }

    private static double percent(SearchProgress progress) {
        return progress.totalBytes() == 0
                ? 0
                : Math.min(100, Math.floor(1000.0 * progress.scannedBytes() / progress.totalBytes()) / 10);
    }

    @Override
    public void settled(EventBatch events) {
        for (int from = 0; from < events.rows(); from += EVENTS_A_LINE) {
            int first = from;
            int end = Math.min(events.rows(), from + EVENTS_A_LINE);
            line(to -> {
                to.writeStartObject();
                to.writeStringProperty("type", "events");
                to.writeArrayPropertyStart("events");
                for (int row = first; row < end; row++) {
                    lines.event(to, events, row);
                }
                to.writeEndArray();
                to.writeEndObject();
            });
        }
        sent += events.rows();
    }

    /** Events that are settled and were handed on. */
    int sent() {
        return sent;
    }

    /** Whether the client did not wait for the end. */
    boolean isLeft() {
        return gone;
    }

    // ---- the thread that writes

    /** Writes until the end comes or the client is gone; then the query is told. */
    void write(OutputStream out) throws IOException {
        try {
            while (true) {
                var line = waiting.take();
                if (line == END) {
                    return;
                }
                out.write(line);
                out.write('\n');
                if (waiting.isEmpty()) {
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gone = true;
        }
    }
}
