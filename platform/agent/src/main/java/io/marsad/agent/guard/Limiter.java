package io.marsad.agent.guard;

import java.time.InstantSource;

/** What one collector may give; what is left out for good is counted. Not thread-safe. */
public final class Limiter {
    private final TokenBucket records;
    private final TokenBucket bytes;
    private long leftRecords;
    private long leftBytes;

    public Limiter(long recordsPerSecond, long bytesPerSecond, InstantSource clock) {
        records = new TokenBucket(recordsPerSecond, clock);
        bytes = new TokenBucket(bytesPerSecond, clock);
    }

    /** Whether a record of so many bytes may go now. */
    public boolean has(int size) {
        return records.has(1) & bytes.has(size);
    }

    /** One that may go went. */
    public void went(int size) {
        records.take(1);
        bytes.take(size);
    }

    /** Whether a record of so many bytes may go; one that may not is left out for good. */
    public boolean take(int size) {
        if (has(size)) {
            went(size);
            return true;
        }
        leftRecords++;
        leftBytes += size;
        return false;
    }

    /** Records that did not go. */
    public long leftRecords() {
        return leftRecords;
    }

    /** Their bytes. */
    public long leftBytes() {
        return leftBytes;
    }
}
