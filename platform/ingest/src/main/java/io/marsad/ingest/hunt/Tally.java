package io.marsad.ingest.hunt;

import io.marsad.kernel.event.EventId;
import io.marsad.sigma.About;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Counts hits per rule and day. One thread. */
final class Tally {
    private static final Comparator<RuleHits.Hit> OLDEST_FIRST = Comparator.comparing(RuleHits.Hit::time)
            .thenComparing(hit -> hit.event().toString());

    private final Map<String, OfRule> rules = new LinkedHashMap<>();
    private long hits;

    private static final class OfRule {
        private final About about;
        private final Map<Long, Long> days = new TreeMap<>();
        private final PriorityQueue<RuleHits.Hit> newest = new PriorityQueue<>(OLDEST_FIRST);
        private long hits;

        OfRule(About about) {
            this.about = about;
        }

        RuleHits done() {
            var byDay = new TreeMap<LocalDate, Long>();
            days.forEach((day, count) -> byDay.put(LocalDate.ofEpochDay(day), count));
            var some = new ArrayList<>(newest);
            some.sort(OLDEST_FIRST.reversed());
            return new RuleHits(about.id(), about.title(), about.level(), hits, byDay, List.copyOf(some));
        }
    }

    void add(About rule, EventId event, long time) {
        hits++;
        var of = rules.computeIfAbsent(rule.id(), id -> new OfRule(rule));
        of.hits++;
        var at = Instant.ofEpochMilli(time);
        of.days.merge(LocalDate.ofInstant(at, ZoneOffset.UTC).toEpochDay(), 1L, Long::sum);
        of.newest.add(new RuleHits.Hit(event, at));
        if (of.newest.size() > RetroHunt.MOST_SAMPLES) {
            of.newest.remove();
        }
    }

    long hits() {
        return hits;
    }

    /** Most hits first. */
    List<RuleHits> rules() {
        return rules.values().stream()
                .map(OfRule::done)
                .sorted(Comparator.comparingLong(RuleHits::hits).reversed().thenComparing(RuleHits::title))
                .toList();
    }
}
