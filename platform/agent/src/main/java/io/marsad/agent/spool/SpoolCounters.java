package io.marsad.agent.spool;

/**
 * What did not stay, counted since the spool was made; kept on disk beside it.
 *
 * @param droppedRecords records that went with the oldest segments before they were acknowledged
 * @param droppedBytes their bytes on disk
 * @param refusedRecords records that were not taken: too long, or no room on the disk
 * @param lostRecords records that were taken and that the disk then failed to keep
 * @param cutBytes bytes that made no whole record when the spool was opened or read
 * @param cuts how often such bytes were found
 */
public record SpoolCounters(
        long droppedRecords, long droppedBytes, long refusedRecords, long lostRecords, long cutBytes, long cuts) {
    static final SpoolCounters NONE = new SpoolCounters(0, 0, 0, 0, 0, 0);

    SpoolCounters dropped(long records, long bytes) {
        return new SpoolCounters(
                droppedRecords + records, droppedBytes + bytes, refusedRecords, lostRecords, cutBytes, cuts);
    }

    SpoolCounters refused() {
        return new SpoolCounters(droppedRecords, droppedBytes, refusedRecords + 1, lostRecords, cutBytes, cuts);
    }

    SpoolCounters lost(long records) {
        return new SpoolCounters(droppedRecords, droppedBytes, refusedRecords, lostRecords + records, cutBytes, cuts);
    }

    SpoolCounters cut(long bytes) {
        return new SpoolCounters(droppedRecords, droppedBytes, refusedRecords, lostRecords, cutBytes + bytes, cuts + 1);
    }
}
