package io.marsad.soc.correlate;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What analysts said: these belong together, these do not. It counts more than any edge. */
final class Constraints {
    private final Map<String, Set<String>> together = new HashMap<>();
    private final Map<String, Set<String>> apart = new HashMap<>();

    /** @throws IllegalArgumentException when they are the same, or were said to be apart */
    void together(String one, String other) {
        different(one, other);
        if (!apart.isEmpty()) {
            var all = new HashSet<>(joined(one));
            all.addAll(joined(other));
            for (String some : all) {
                if (!Collections.disjoint(apart(some), all)) {
                    throw new IllegalArgumentException("an analyst said that " + some + " is apart from one of these");
                }
            }
        }
        put(together, one, other);
    }

    /** @throws IllegalArgumentException when they are the same, or were said to be together */
    void apart(String one, String other) {
        different(one, other);
        if (joined(one).contains(other)) {
            throw new IllegalArgumentException("an analyst said that " + one + " and " + other + " are together");
        }
        put(apart, one, other);
    }

    void release(String one, String other) {
        remove(together, one, other);
        remove(apart, one, other);
    }

    Set<String> together(String id) {
        return together.getOrDefault(id, Set.of());
    }

    Set<String> apart(String id) {
        return apart.getOrDefault(id, Set.of());
    }

    /** Whether nothing was said to be apart. */
    boolean noneApart() {
        return apart.isEmpty();
    }

    void copyTo(Constraints other) {
        together.forEach((one, others) -> others.forEach(two -> put(other.together, one, two)));
        apart.forEach((one, others) -> others.forEach(two -> put(other.apart, one, two)));
    }

    private Set<String> joined(String id) {
        var found = new HashSet<>(Set.of(id));
        var next = new ArrayDeque<>(found);
        while (!next.isEmpty()) {
            for (String other : together(next.remove())) {
                if (found.add(other)) {
                    next.add(other);
                }
            }
        }
        return found;
    }

    private static void different(String one, String other) {
        if (one.equals(other)) {
            throw new IllegalArgumentException("two alerts are meant");
        }
    }

    private static void put(Map<String, Set<String>> map, String one, String other) {
        map.computeIfAbsent(one, id -> new HashSet<>()).add(other);
        map.computeIfAbsent(other, id -> new HashSet<>()).add(one);
    }

    private static void remove(Map<String, Set<String>> map, String one, String other) {
        map.computeIfPresent(one, (id, others) -> others.remove(other) && others.isEmpty() ? null : others);
        map.computeIfPresent(other, (id, others) -> others.remove(one) && others.isEmpty() ? null : others);
    }
}
