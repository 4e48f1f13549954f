package io.marsad.store.log;

import io.marsad.kernel.log.LogFullException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A frame on its way to the disk, and the caller who waits for it. */
final class PendingAppend {
    private final byte[] frame;
    private final int records;
    private final CompletableFuture<Long> outcome = new CompletableFuture<>();
    private long offset = -1;

    PendingAppend(byte[] frame) {
        this.frame = frame;
        this.records = Frame.records(frame);
    }

    byte[] frame() {
        return frame;
    }

    int length() {
        return frame.length;
    }

    int records() {
        return records;
    }

    /** The first record's offset; known once placed. */
    long offset() {
        return offset;
    }

    void place(long marker, long at, long durable) {
        offset = at;
        Frame.seal(frame, marker, at, durable);
    }

    void durable() {
        outcome.complete(offset);
    }

    void full(LogFullException e) {
        outcome.completeExceptionally(e);
    }

    void failed(IOException e) {
        outcome.completeExceptionally(e);
    }

    /** Waits to the end, also when interrupted: the record may be written, and the caller has to know. */
    long await() throws IOException, LogFullException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    var cause = e.getCause();
                    if (cause instanceof LogFullException full) {
                        throw full;
                    }
                    throw new IOException("not written to the event log: " + cause, cause);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
