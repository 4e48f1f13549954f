package io.marsad.ingest.intake;

/** Counts records: in all, and a second over the last five to ten seconds. Thread-safe. */
final class Meter {
    private static final long WINDOW_MILLIS = 5_000;

    private long total;
    private long windowBegan;
    private long inWindow;
    private long inWindowBefore;

    synchronized void add(int records, long now) {
        total += records;
        turn(now);
        inWindow += records;
    }

    synchronized long total() {
        return total;
    }

    synchronized double perSecond(long now) {
        turn(now);
        long millis = Math.max(now - windowBegan, 0) + WINDOW_MILLIS;
        return Math.max(0, (inWindow + inWindowBefore) * 1000.0 / millis);
    }

    private void turn(long now) {
        long age = now - windowBegan;
        if (age >= WINDOW_MILLIS || age < 0) {
            inWindowBefore = age >= 2 * WINDOW_MILLIS || age < 0 ? 0 : inWindow;
            inWindow = 0;
            windowBegan = now;
        }
    }
}
