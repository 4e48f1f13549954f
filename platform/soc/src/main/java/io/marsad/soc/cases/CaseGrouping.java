package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseFacts.Source;
import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Correlator;
import io.marsad.soc.correlate.Edge;
import io.marsad.soc.correlate.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Puts alerts into cases by themselves: those that belong together into one, a bad one into one of its own at once. It only
 * ever puts alerts in that are in none, into cases that are open, and merges cases that nobody has touched; see
 * {@code docs/decisions/0049-cases.md}. Thread-safe.
 */
public final class CaseGrouping {
    /** What claims to be later than this from now is not grouped with others. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private static final int EDGES_OF_AN_ALERT = 8;
    /** So many alerts of low severity, of two rules, are worth a case. */
    private static final int LOW_ONES = 3;

    private final InstantSource clock;
    private final RandomGenerator random;

    public CaseGrouping(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Makes the tenant's cases follow what these alerts are now; done again it changes nothing. */
    public void follow(Connection connection, TenantId tenant, Collection<EventId> ids) throws SQLException {
        CaseRows.lock(connection, tenant);
        new Following(connection, tenant, Instant.ofEpochMilli(clock.millis())).run(ids);
    }

    private EventId id() {
        return EventId.atTime(clock.millis(), random.nextLong(), random.nextLong());
    }

    /** One batch. */
    private final class Following {
        private final Connection connection;
        private final TenantId tenant;
        private final Instant now;
        private final CaseSources sources;
        private final CaseChange change;
        private final Map<EventId, Source> known = new LinkedHashMap<>();
        private final List<CaseChange.Said> acts = new ArrayList<>();
        private final Map<String, Edge> edges = new LinkedHashMap<>();
        private final Correlator correlator = new Correlator(Parameters.usual());

        Following(Connection connection, TenantId tenant, Instant now) {
            this.connection = connection;
            this.tenant = tenant;
            this.now = now;
            this.sources = new CaseSources(connection, tenant);
            this.change = new CaseChange(connection, tenant, CaseChange.Who.system(CaseChange.Who.GROUPING, now));
        }

        void run(Collection<EventId> ids) throws SQLException {
            var alerts = sources.sources(ids);
            var placed = sources.cases(alerts.keySet());
            change.refresh(new LinkedHashSet<>(placed.values()));
            endings(new LinkedHashSet<>(placed.values()));
            var takenOut = sources.takenOut(alerts.keySet());
            var facts = new LinkedHashMap<EventId, AlertFact>();
            var alone = new ArrayList<Source>();
            var named = new ArrayList<Source>();
            for (Source alert : alerts.values()) {
                boolean isNew = alert.open() && !placed.containsKey(alert.id()) && !takenOut.contains(alert.id());
                if (alert.last().isAfter(now.plus(AHEAD))) {
                    if (isNew && isBad(alert)) {
                        alone.add(alert);
                    }
                } else {
                    named.add(alert);
                    if (isNew) {
                        facts.put(alert.id(), sources.fact(alert));
                    }
                }
            }
            if (!named.isEmpty()) {
                sources.remember(named);
            }
            if (!facts.isEmpty() || !alone.isEmpty()) {
                place(facts, alone, alerts);
            }
            sources.rememberEdges(edges.values());
            change.write(acts);
            change.tell();
        }

        /** Ends what nobody has touched and whose alerts are all closed; begins it again when one is open again. */
        private void endings(Collection<EventId> cases) throws SQLException {
            for (var one : CaseEndings.due(connection, tenant.value(), cases)) {
                var book = change.rows().book(CaseGrouping.this::id, List.of(one.kase()), List.of());
                change.write(book.step(one.kase(), one.to()), Map.of(), one.why());
            }
        }

        private void place(Map<EventId, AlertFact> facts, List<Source> alone, Map<EventId, Source> alerts)
                throws SQLException {
            var around = sources.around(facts, now.plus(AHEAD));
            var placed = sources.cases(around.keySet());
            var book = change.rows().book(CaseGrouping.this::id, placed.values(), facts.keySet());
            facts.forEach((id, fact) -> known.put(id, alerts.getOrDefault(id, around.get(id))));
            var takenOut = sources.takenOut(around.keySet());
            for (Source one : around.values()) {
                var kase = book.caseOf(one.id());
                if (kase == null
                        ? one.open() && !takenOut.contains(one.id())
                        : book.standing(kase).takes()) {
                    known.put(one.id(), one);
                }
            }
            // The order does not matter for what is found; the earliest first, none has to be weighed again.
            known.values().stream()
                    .sorted(Comparator.comparing(Source::first)
                            .thenComparing(one -> one.id().toString()))
                    .forEach(one -> correlator.add(sources.fact(one)));
            var numbers = sources.numbers(new LinkedHashSet<>(placed.values()));
            tellWords(book, numbers);
            for (EventId id : facts.keySet()) {
                if (book.caseOf(id) == null) {
                    place(book, numbers, id);
                }
            }
            for (Source one : alone) {
                write(
                        book.open(List.of(one.id())),
                        Map.of(
                                one.id(),
                                "Its severity is " + one.severity().word()
                                        + "; its time lies in the future, so it is not compared with others."));
            }
        }

        /** What is in one case is together; what people have parted is apart. */
        private void tellWords(CaseBook book, Map<EventId, Long> numbers) {
            var first = new LinkedHashMap<EventId, String>();
            var cases = numbers.keySet().stream()
                    .sorted(Comparator.comparing(numbers::get))
                    .toList();
            for (EventId id : known.keySet()) {
                var kase = book.caseOf(id);
                if (kase != null) {
                    var other = first.putIfAbsent(kase, id.toString());
                    if (other != null) {
                        correlator.together(other, id.toString());
                    }
                }
            }
            var shown = cases.stream().filter(first::containsKey).toList();
            for (int i = 0; i < shown.size(); i++) {
                for (int j = i + 1; j < shown.size(); j++) {
                    var one = shown.get(i);
                    var other = shown.get(j);
                    boolean bothTouched = book.isTouched(one) && book.isTouched(other);
                    if (bothTouched || book.isApart(one, other)) {
                        correlator.apart(first.getOrDefault(one, ""), first.getOrDefault(other, ""));
                    }
                }
            }
        }

        private void place(CaseBook book, Map<EventId, Long> numbers, EventId id) throws SQLException {
            var group = correlator.groupOf(id.toString()).orElseThrow().alerts().stream()
                    .map(EventId::parse)
                    .toList();
            var fresh = group.stream().filter(one -> book.caseOf(one) == null).toList();
            var cases = group.stream()
                    .map(book::caseOf)
                    .filter(Objects::nonNull)
                    .distinct()
                    .sorted(Comparator.<EventId, Boolean>comparing(kase -> !book.isTouched(kase))
                            .thenComparing(kase -> numbers.getOrDefault(kase, Long.MAX_VALUE)))
                    .toList();
            for (EventId target : cases) {
                var fits =
                        fresh.stream().filter(one -> !book.isApart(one, target)).toList();
                if (fits.contains(id) && book.takes(target, fits.size())) {
                    for (EventId other : cases) {
                        if (book.mayJoin(other, target)) {
                            write(book.join(other, target), Map.of());
                        }
                    }
                    if (book.takes(target, fits.size())) {
                        write(book.group(target, fits), reasons(fits, group));
                        return;
                    }
                }
            }
            if (isWorthACase(fresh)) {
                var some = fresh.subList(0, Math.min(fresh.size(), CaseBook.MOST_GROUPED));
                write(book.open(some), reasons(some, group));
            }
        }

        /** Those that only put alerts in are written together at the end; before a merge they have to be there. */
        private void write(CaseAct act, Map<EventId, String> why) throws SQLException {
            acts.add(new CaseChange.Said(act, why, ""));
            if (act.kind() == CaseAct.Kind.MERGED) {
                change.write(acts.subList(0, acts.size() - 1));
                change.write(List.of(acts.getLast()));
                acts.clear();
            }
        }

        /** Why each is in; keeps the edges that say so. */
        private Map<EventId, String> reasons(List<EventId> fresh, List<EventId> group) {
            var why = new HashMap<EventId, String>();
            var ids = new HashSet<String>();
            group.forEach(id -> ids.add(id.toString()));
            for (EventId id : fresh) {
                var best = correlator.edgesOf(id.toString()).stream()
                        .filter(edge -> edge.strength() != Edge.Strength.NONE)
                        .filter(edge -> ids.contains(edge.earlier()) && ids.contains(edge.later()))
                        .limit(EDGES_OF_AN_ALERT)
                        .toList();
                best.forEach(edge -> edges.put(edge.earlier() + edge.later(), edge));
                var severity = severity(id);
                why.put(
                        id,
                        !best.isEmpty()
                                ? best.getFirst().why()
                                : "Its severity is " + severity.word() + ", which opens a case.");
            }
            return why;
        }

        private boolean isWorthACase(List<EventId> alerts) {
            if (alerts.stream().anyMatch(id -> severity(id).compareTo(Severity.HIGH) >= 0)) {
                return true;
            }
            if (alerts.size() >= 2 && alerts.stream().anyMatch(id -> severity(id) == Severity.MEDIUM)) {
                return true;
            }
            long rules = alerts.stream()
                    .map(known::get)
                    .map(one -> one == null ? "" : one.rule())
                    .distinct()
                    .count();
            return alerts.size() >= LOW_ONES && rules >= 2;
        }

        private Severity severity(EventId id) {
            var source = known.get(id);
            return source == null ? Severity.INFORMATIONAL : source.severity();
        }
    }

    private static boolean isBad(Source alert) {
        return alert.severity().compareTo(Severity.HIGH) >= 0;
    }
}
