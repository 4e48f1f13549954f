package io.marsad.ingest.scan;

import java.util.List;

/**
 * What a scan found and what it could not read.
 *
 * @param findings in the order of files, records and rules; each event and rule once
 * @param unlisted findings beyond the {@value Scanner#MOST_FINDINGS} that are listed
 * @param passedOver files of folders that are no logs
 * @param records that were read, those outside of the time asked for included
 * @param bytes of the files as they are
 * @param forgotten correlated events beyond the {@value Contributions#MOST} that are remembered
 */
public record ScanResult(
        List<Finding> findings,
        long unlisted,
        List<Unread> unread,
        int files,
        int passedOver,
        long records,
        long events,
        long bytes,
        long forgotten,
        Times times) {
    public ScanResult {
        findings = List.copyOf(findings);
        unread = List.copyOf(unread);
    }

    /** Something of a file that could not be read, and how often. */
    public record Unread(String file, String reason, long count) {}

    /** Nanoseconds. Reading, normalizing and matching are sums over all threads; scanning is what passed meanwhile. */
    public record Times(long scanning, long reading, long normalizing, long matching) {}
}
