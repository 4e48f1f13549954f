package io.marsad.kernel.store;

import java.util.Map;

/**
 * For how many days a tenant's events are kept, counted from their receipt: the clocks of senders can be wrong, or be
 * turned back so that evidence goes.
 *
 * @param days for all event classes that have none of their own; 0 keeps them for ever
 * @param daysOfClass by OCSF class ({@code class_uid}) or category (a class divided by 1000); 0 keeps for ever. A class
 *     goes before its category
 */
public record Retention(int days, Map<Integer, Integer> daysOfClass) {
    public static final int MOST_DAYS = 36_500;
    public static final Retention FOREVER = new Retention(0, Map.of());
    private static final long DAY_MILLIS = 86_400_000;

    public Retention {
        daysOfClass = Map.copyOf(daysOfClass);
        if (days < 0 || days > MOST_DAYS || daysOfClass.values().stream().anyMatch(d -> d < 0 || d > MOST_DAYS)) {
            throw new IllegalArgumentException("events are kept for 0 (for ever) to " + MOST_DAYS + " days");
        }
    }

    /** Days for events of the class, 0 for none known; {@link Integer#MAX_VALUE} for ever. */
    public int daysOf(int eventClass) {
        Integer own = daysOfClass.get(eventClass);
        if (own == null) {
            own = daysOfClass.getOrDefault(eventClass / 1000, days);
        }
        return own == 0 ? Integer.MAX_VALUE : own;
    }

    /** What was received before this, epoch milliseconds, is not kept; {@link Long#MIN_VALUE} when all is. */
    public static long cutoff(int keptDays, long now) {
        return keptDays == Integer.MAX_VALUE ? Long.MIN_VALUE : now - keptDays * DAY_MILLIS;
    }

    /** The least and the most that any class is kept, in days. */
    public int least() {
        return daysOfClass.values().stream().mapToInt(Retention::counted).reduce(counted(days), Math::min);
    }

    public int most() {
        return daysOfClass.values().stream().mapToInt(Retention::counted).reduce(counted(days), Math::max);
    }

    private static int counted(int configured) {
        return configured == 0 ? Integer.MAX_VALUE : configured;
    }
}
