package io.marsad.soc.indicator;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The indicators of the tenant of the running {@link CallerScope}; every change is in its audit log, and counts on the stream
 * as soon as it is committed. A value is listed once: listing it again puts the new words in the place of the old ones,
 * sightings stay. Thread-safe.
 */
public final class Indicators {
    /** How many one import takes. */
    public static final int MOST_AT_ONCE = 200_000;

    private static final int MOST_LINES = 100;

    private final Database database;
    private final WarningLists warnings;
    private final InstantSource clock;

    public Indicators(Database database, WarningLists warnings, InstantSource clock) {
        this.database = database;
        this.warnings = warnings;
        this.clock = clock;
    }

    /**
     * What somebody wants to list.
     *
     * @param despiteWarning looked for although it is on a warning list
     */
    public record Wanted(Listed.Value value, Listed.About about, boolean despiteWarning) {}

    /** One with where it was seen, newest first. */
    public record Detail(Listed indicator, List<Sighting> newest) {
        public Detail {
            newest = List.copyOf(newest);
        }
    }

    /**
     * What became of several.
     *
     * @param added that were not listed before
     * @param changed that were
     * @param warned that are not looked for, because they are on a warning list
     */
    public record Outcome(int added, int changed, int warned) {}

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor} */
    public IndicatorPage list(IndicatorFilter filter, int limit, @Nullable String cursor) {
        var now = now();
        return database.inCallerTenant(connection -> IndicatorPage.read(connection, filter, limit, cursor, now));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Detail find(EventId id) {
        return database.inCallerTenant(
                connection -> new Detail(existing(connection, id, false), Sightings.newest(connection, tenant(), id)));
    }

    /** Lists one, or puts new words in the place of the old ones. */
    public Listed put(Wanted wanted) {
        var value = wanted.value();
        var id = IndicatorRows.id(tenant(), value);
        putAll(List.of(wanted), null);
        return database.inCallerTenant(connection -> existing(connection, id, false));
    }

    /**
     * Lists several: all or none. Of several with one value the last counts.
     *
     * @param origin what they are from, for the audit log; null: one was listed by hand
     */
    public Outcome putAll(List<Wanted> wanted, @Nullable String origin) {
        if (wanted.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException("at most " + MOST_AT_ONCE + " at once");
        }
        var caller = CallerScope.current();
        var now = now();
        var byId = new LinkedHashMap<EventId, Wanted>();
        wanted.forEach(one -> byId.put(IndicatorRows.id(tenant(), one.value()), one));
        return database.inCallerTenant(connection -> {
            int number = IndicatorRows.take(connection, tenant(), byId.size());
            var before = new LinkedHashMap<EventId, Listed>();
            IndicatorRows.find(connection, tenant(), byId.keySet(), true).forEach(one -> before.put(one.id(), one));
            var by = Actors.name(connection, caller);
            var rows = new ArrayList<Listed>(byId.size());
            int warned = 0;
            for (var one : byId.entrySet()) {
                var row = row(one.getKey(), number++, one.getValue(), new Listed.Made(by, now, now, 1, null));
                warned += row.warning() == null ? 0 : 1;
                rows.add(row);
            }
            IndicatorRows.put(connection, tenant(), rows);
            audit(connection, now, rows, before, origin);
            IndicatorRows.tell(connection, tenant());
            return new Outcome(rows.size() - before.size(), before.size(), warned);
        });
    }

    /**
     * What would become of several, with nothing changed.
     *
     * @param lines the first hundred, as they would be listed, in their order
     */
    public record Trial(Outcome outcome, List<Line> lines) {
        public Trial {
            lines = List.copyOf(lines);
        }
    }

    /** One of them; {@code warning} is the warning list that it is on, or null. */
    public record Line(
            Listed.Value value,
            int confidence,
            boolean added,
            @Nullable String warning) {}

    /** As {@link #putAll}, but nothing is listed. */
    public Trial tryAll(List<Wanted> wanted) {
        var byId = new LinkedHashMap<EventId, Wanted>();
        wanted.forEach(one -> byId.put(IndicatorRows.id(tenant(), one.value()), one));
        var known = database.inCallerTenant(connection -> IndicatorRows.known(connection, tenant(), byId.keySet()));
        var lines = new ArrayList<Line>();
        int warned = 0;
        for (var one : byId.entrySet()) {
            var want = one.getValue();
            var warning = want.despiteWarning() ? null : warnings.on(want.value());
            warned += warning == null ? 0 : 1;
            if (lines.size() < MOST_LINES) {
                lines.add(new Line(want.value(), want.about().confidence(), !known.contains(one.getKey()), warning));
            }
        }
        return new Trial(new Outcome(byId.size() - known.size(), known.size(), warned), lines);
    }

    private Listed row(EventId id, int number, Wanted wanted, Listed.Made made) {
        var warning = wanted.despiteWarning() ? null : warnings.on(wanted.value());
        return new Listed(id, number, wanted.value(), wanted.about(), warning, made, 0, null, null);
    }

    /**
     * Says something else about one.
     *
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code changed-meanwhile}
     */
    public Listed update(EventId id, Listed.About about, boolean despiteWarning, int version) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            if (before.made().version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "It was changed meanwhile: it has version "
                                        + before.made().version() + " now.")
                        .asException();
            }
            int number = IndicatorRows.take(connection, tenant(), 1);
            var made = new Listed.Made(before.made().by(), before.made().at(), now, version + 1, null);
            var row = row(id, number, new Wanted(before.value(), about, despiteWarning), made);
            IndicatorRows.put(connection, tenant(), List.of(row));
            audit(connection, now, List.of(row), Map.of(id, before), null);
            IndicatorRows.tell(connection, tenant());
            return existing(connection, id, false);
        });
    }

    /** Does not list a value any more. @throws io.marsad.kernel.problem.ProblemException 404 when it is not listed */
    public void remove(Listed.Value value) {
        delete(IndicatorRows.id(tenant(), value));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            IndicatorRows.delete(connection, tenant(), id);
            entry(connection, now, "indicator.delete", "indicator:" + id, "was", told(before));
            IndicatorRows.tell(connection, tenant());
            return true;
        });
    }

    private static void audit(
            Connection connection, Instant now, List<Listed> rows, Map<EventId, Listed> before, @Nullable String origin)
            throws SQLException {
        if (origin != null || rows.size() != 1) {
            var detail = rows.size() + " indicators, " + before.size() + " of them listed before";
            entry(connection, now, "indicator.import", "indicators", "from", origin + "; " + detail);
            return;
        }
        var row = rows.getFirst();
        var was = before.get(row.id());
        var object = "indicator:" + row.id();
        if (was == null) {
            entry(connection, now, "indicator.create", object, "is", told(row));
        } else {
            var caller = CallerScope.current();
            var detail = AuditLog.detail(connection, "before", told(was), "after", told(row));
            var entry = new AuditLog.Entry(now, caller.subject(), "indicator.update", object, detail);
            AuditLog.append(connection, caller.tenant(), entry);
        }
    }

    private static void entry(
            Connection connection, Instant now, String action, String object, String name, String text)
            throws SQLException {
        var caller = CallerScope.current();
        var detail = AuditLog.detail(connection, name, text);
        AuditLog.append(connection, caller.tenant(), new AuditLog.Entry(now, caller.subject(), action, object, detail));
    }

    private static String told(Listed one) {
        var about = one.about();
        return one.value().type() + " " + one.value().text() + ", confidence " + about.confidence() + ", TLP:"
                + about.tlp().word() + ", of " + about.source() + ", until " + about.until()
                + (about.revoked() ? ", revoked" : "");
    }

    private static Listed existing(Connection connection, EventId id, boolean lock) throws SQLException {
        var one = IndicatorRows.find(connection, tenant(), id, lock);
        if (one == null) {
            throw Problem.notFound("There is no such indicator.").asException();
        }
        return one;
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
