package io.marsad.agent.collect;

import java.util.Map;

/**
 * What is another at the second of two looks at the same things. Not thread-safe.
 *
 * @param <K> what tells one thing from another
 * @param <V> how it is; compared by {@code equals}
 */
public final class Changes<K, V> {
    /** What became of one thing. */
    public enum Change {
        /** There at the first look. */
        FIRST,
        CAME,
        CHANGED,
        GONE
    }

    /** Takes changes. */
    @FunctionalInterface
    public interface Told<K, V> {
        /** @param before how it was; where there is but one state, both are that one */
        void tell(Change change, K key, V before, V now);
    }

    private Map<K, V> known = Map.of();
    private boolean first = true;

    /** What is there now takes the place of what was. */
    public void look(Map<K, V> now, Told<K, V> told) {
        now.forEach((key, value) -> {
            var before = known.get(key);
            if (before == null) {
                told.tell(first ? Change.FIRST : Change.CAME, key, value, value);
            } else if (!before.equals(value)) {
                told.tell(Change.CHANGED, key, before, value);
            }
        });
        known.forEach((key, value) -> {
            if (!now.containsKey(key)) {
                told.tell(Change.GONE, key, value, value);
            }
        });
        known = now;
        first = false;
    }
}
