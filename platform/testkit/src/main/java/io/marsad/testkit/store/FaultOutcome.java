package io.marsad.testkit.store;

/** What happened in histories, for a summary. */
public record FaultOutcome(
        int lives,
        int powerLost,
        int killed,
        int full,
        int flipped,
        int unreadable,
        long expired,
        int mended,
        int acknowledged,
        int lost) {
    public static final FaultOutcome NONE = new FaultOutcome(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public FaultOutcome plus(FaultOutcome other) {
        return new FaultOutcome(
                lives + other.lives,
                powerLost + other.powerLost,
                killed + other.killed,
                full + other.full,
                flipped + other.flipped,
                unreadable + other.unreadable,
                expired + other.expired,
                mended + other.mended,
                acknowledged + other.acknowledged,
                lost + other.lost);
    }
}
