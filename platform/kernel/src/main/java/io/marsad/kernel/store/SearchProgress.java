package io.marsad.kernel.store;

/**
 * How far a search is.
 *
 * @param scannedEvents rows that had to be looked at
 * @param scannedBytes bytes on disk of the parts that are done, whether read or ruled out
 * @param totalBytes the same of all parts that the search's time range touches
 * @param found rows that fit so far
 */
public record SearchProgress(long scannedEvents, long scannedBytes, long totalBytes, long found) {}
