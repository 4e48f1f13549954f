package io.marsad.ingest.syslog;

/**
 * What the doors have seen since the start.
 *
 * @param udp messages by UDP that are durable
 * @param tcp messages by TCP that are durable
 * @param truncated messages that were cut at 64 KiB
 * @param refused connections that were too many
 * @param open connections now
 * @param pauses how often reading had to stop because the log took nothing or the quota was used up
 * @param lost messages that were in hand when the door was closed while the log took nothing
 */
public record SyslogStats(long udp, long tcp, long truncated, long refused, int open, long pauses, long lost) {}
