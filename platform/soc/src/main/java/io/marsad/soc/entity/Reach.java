package io.marsad.soc.entity;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.risk.EntityKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where an attack can have gone from an entity, by alerts in the order of time: whom an alert names beside somebody who was
 * reached before it, or at its time, is reached by it. A path has as few steps as it can, and of these it arrives the
 * earliest. Immutable; the same for any order of the alerts.
 */
final class Reach {
    /** An alert as a link between those whom it names. */
    record Link(EventId alert, String title, Instant time, Set<EntityKey> entities) {
        Link {
            entities = java.util.Collections.unmodifiableSet(new TreeSet<>(entities));
        }
    }

    /** One step of a path. */
    record Step(EntityKey from, EntityKey to, Link by) {}

    /** @param round in which it was found: how many steps it takes */
    private record Arrival(long time, int round, @Nullable Step last) {}

    /** Who is reached by at most so many steps as the place in the list. */
    private final List<Map<EntityKey, Arrival>> rounds = new ArrayList<>();

    /** 1 forwards in time; −1 backwards, where it can have come from. */
    private final int direction;

    private Reach(EntityKey start, Collection<Link> links, int steps, int direction) {
        this.direction = direction;
        var ordered = new ArrayList<>(links);
        ordered.sort(Comparator.comparingLong(this::time)
                .thenComparing(link -> link.alert().toString()));
        var first = new TreeMap<EntityKey, Arrival>();
        first.put(start, new Arrival(Long.MIN_VALUE, 0, null));
        rounds.add(first);
        for (int round = 1; round <= steps; round++) {
            rounds.add(next(ordered, round));
        }
    }

    /** Forwards in time. */
    static Reach from(EntityKey start, Collection<Link> links, int steps) {
        return new Reach(start, links, steps, 1);
    }

    /** Backwards: who can have led there. */
    static Reach to(EntityKey start, Collection<Link> links, int steps) {
        return new Reach(start, links, steps, -1);
    }

    private long time(Link link) {
        return direction * link.time().toEpochMilli();
    }

    private Map<EntityKey, Arrival> next(List<Link> ordered, int round) {
        var before = rounds.get(round - 1);
        var now = new TreeMap<>(before);
        for (var link : ordered) {
            long time = time(link);
            var from = nearest(link, before, time);
            if (from != null) {
                for (var entity : link.entities()) {
                    var known = now.get(entity);
                    if (known == null || time < known.time()) {
                        now.put(entity, new Arrival(time, round, new Step(from, entity, link)));
                    }
                }
            }
        }
        return now;
    }

    /** Who of the alert was reached in time, the first of them. */
    private static @Nullable EntityKey nearest(Link link, Map<EntityKey, Arrival> reached, long time) {
        @Nullable EntityKey best = null;
        long earliest = Long.MAX_VALUE;
        for (var entity : link.entities()) {
            var arrival = reached.get(entity);
            if (arrival != null && arrival.time() <= time && arrival.time() < earliest) {
                best = entity;
                earliest = arrival.time();
            }
        }
        return best;
    }

    /** Who is reached by at most so many steps; without where it begins. */
    Set<EntityKey> reached(int steps) {
        var reached = new TreeSet<EntityKey>();
        rounds.get(Math.min(steps, rounds.size() - 1)).forEach((entity, arrival) -> {
            if (arrival.last() != null) {
                reached.add(entity);
            }
        });
        return reached;
    }

    /** The path to the one of these that takes the most steps, of several the one that arrives last; empty when none is reached. */
    List<Step> longest(Set<EntityKey> wanted) {
        @Nullable EntityKey best = null;
        int steps = 0;
        long time = Long.MIN_VALUE;
        for (var entity : wanted) {
            int fewest = fewest(entity);
            if (fewest > 0) {
                long arrives = at(fewest, entity).time();
                if (fewest > steps || fewest == steps && arrives > time) {
                    best = entity;
                    steps = fewest;
                    time = arrives;
                }
            }
        }
        return best == null ? List.of() : path(best);
    }

    /** In the order of time; empty for who is not reached. */
    List<Step> path(EntityKey to) {
        var path = new LinkedList<Step>();
        var entity = to;
        int round = fewest(to);
        while (round > 0) {
            var arrival = at(round, entity);
            var last = arrival.last();
            if (last == null) {
                break;
            }
            if (direction > 0) {
                path.addFirst(last);
            } else {
                path.addLast(new Step(last.to(), last.from(), last.by()));
            }
            entity = last.from();
            round = arrival.round() - 1;
        }
        return List.copyOf(path);
    }

    private Arrival at(int round, EntityKey entity) {
        var arrival = rounds.get(round).get(entity);
        if (arrival == null) {
            throw new IllegalStateException(entity + " is not reached");
        }
        return arrival;
    }

    /** 0 for who is not reached, and for where it begins. */
    private int fewest(EntityKey entity) {
        for (int round = 1; round < rounds.size(); round++) {
            var arrival = rounds.get(round).get(entity);
            if (arrival != null) {
                return arrival.last() == null ? 0 : round;
            }
        }
        return 0;
    }
}
