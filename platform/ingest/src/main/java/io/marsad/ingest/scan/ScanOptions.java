package io.marsad.ingest.scan;

/**
 * How to scan.
 *
 * @param anySource rules are asked whatever log source they are for
 * @param since only events from this time on, epoch milliseconds
 * @param until only events before this time, epoch milliseconds
 * @param threads how many work at once
 */
public record ScanOptions(boolean anySource, long since, long until, int threads) {
    public ScanOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("1 to 1024 threads");
        }
    }

    /** Everything, by as many threads as there are processors. */
    public static ScanOptions all() {
        return new ScanOptions(
                false, Long.MIN_VALUE, Long.MAX_VALUE, Runtime.getRuntime().availableProcessors());
    }
}
