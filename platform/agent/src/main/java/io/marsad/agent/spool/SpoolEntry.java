package io.marsad.agent.spool;

/**
 * A record with its place.
 *
 * @param sequence grows from record to record; no number is ever given twice, some are never given
 * @param record as it was appended
 */
@SuppressWarnings("ArrayRecordComponent")
public record SpoolEntry(long sequence, byte[] record) {}
