package io.marsad.soc.suppression;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.match.CompiledPredicate;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.suppression.Suppression.Content;
import io.marsad.soc.suppression.Suppression.Hit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The suppressions of the tenant of the running {@link CallerScope}; every change is in its audit log. Thread-safe.
 *
 * <p>Expired ones stay, for who asks why something was not seen, until somebody deletes them.
 */
public final class Suppressions {
    /** The most that a tenant has. */
    public static final int MOST = 500;

    private static final int MAX_REASON = 2_000;
    private static final int MAX_ENTITY = 512;
    private static final int HITS_SHOWN = 100;

    private final Database database;
    private final Events events;
    private final Conditions conditions;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Suppressions(
            Database database, Events events, Conditions conditions, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.events = events;
        this.conditions = conditions;
        this.clock = clock;
        this.random = random;
    }

    /** One with the newest that it has hidden. */
    public record Detail(Suppression suppression, List<Hit> newest) {
        public Detail {
            newest = List.copyOf(newest);
        }
    }

    /** All, newest first. */
    public List<Suppression> list() {
        return database.inCallerTenant(connection -> SuppressionRows.list(connection, tenant()));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Detail find(EventId id) {
        return database.inCallerTenant(connection -> new Detail(
                existing(connection, id, false), SuppressionRows.hits(connection, tenant(), id, HITS_SHOWN)));
    }

    /**
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-query}, {@code too-wide}, {@code reason-required},
     *     {@code invalid-time}; 409 {@code too-many-suppressions}
     */
    public Suppression create(Content wanted) {
        return database.inCallerTenant(connection -> create(connection, wanted));
    }

    /** As {@link #create(Content)}, in the transaction of who asks. */
    public Suppression create(Connection connection, Content wanted) throws SQLException {
        var now = now();
        var content = sound(wanted, now);
        var caller = CallerScope.current();
        if (SuppressionRows.list(connection, tenant()).size() >= MOST) {
            throw Problem.conflict(
                            "too-many-suppressions",
                            "There are " + MOST + " suppressions: delete some that have expired.")
                    .asException();
        }
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        var name = Actors.name(connection, caller);
        var made = new Suppression(id, content, caller.subject(), name, now, now, 1, 0, null);
        SuppressionRows.insert(connection, tenant(), made);
        audit(connection, now, "suppression.create", made, null);
        return made;
    }

    /**
     * Deletes one as it was made, in the transaction of who asks; when it is gone already, nothing happens.
     *
     * @throws io.marsad.kernel.problem.ProblemException 409 {@code changed-meanwhile}
     */
    public void deleteUnchanged(Connection connection, EventId id) throws SQLException {
        var one = SuppressionRows.find(connection, tenant(), id, true);
        if (one == null) {
            return;
        }
        if (one.version() != 1) {
            throw Problem.conflict(
                            "changed-meanwhile", "Somebody has changed the suppression: change or delete it there.")
                    .asException();
        }
        SuppressionRows.delete(connection, tenant(), id);
        audit(connection, now(), "suppression.delete", one, null);
    }

    /**
     * Puts the content in the place of what there was; the owner stays.
     *
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404; 409 {@code changed-meanwhile}
     */
    public Suppression update(EventId id, Content wanted, int version) {
        var now = now();
        var content = sound(wanted, now);
        return database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            if (before.version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "It was changed meanwhile: it has version " + before.version() + " now.")
                        .asException();
            }
            var after = new Suppression(
                    id,
                    content,
                    before.owner(),
                    before.ownerName(),
                    before.createdAt(),
                    now,
                    version + 1,
                    before.hits(),
                    before.lastHit());
            SuppressionRows.update(connection, tenant(), after);
            audit(connection, now, "suppression.update", after, before);
            return after;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            SuppressionRows.delete(connection, tenant(), id);
            audit(connection, now, "suppression.delete", before, null);
            return true;
        });
    }

    /**
     * What it would have hidden of the alerts of the last 30 days.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 as {@link #create}
     */
    public Preview preview(Content wanted) {
        var now = now();
        var content = shaped(wanted);
        var tenant = CallerScope.tenant();
        var candidates = database.inCallerTenant(connection -> PreviewRows.find(connection, tenant, content, now));
        var condition = condition(content);
        return PreviewRows.judge(tenant, candidates, condition, events);
    }

    private @Nullable CompiledPredicate condition(Content content) {
        return content.query().isEmpty() ? null : CompiledPredicate.of(conditions.read(content.query()));
    }

    private Content sound(Content content, Instant now) {
        var shaped = shaped(content);
        if (shaped.reason().isBlank() || shaped.reason().length() > MAX_REASON) {
            throw Problem.badRequest("reason-required", "Say why, in at most " + MAX_REASON + " characters.")
                    .asException();
        }
        var expires = shaped.expires();
        var latest = (shaped.starts().isAfter(now) ? shaped.starts() : now).plus(Suppression.LONGEST);
        if (!expires.isAfter(now) || !expires.isAfter(shaped.starts()) || expires.isAfter(latest)) {
            throw Problem.badRequest(
                            "invalid-time",
                            "It has to expire, after its start, and at most " + Suppression.LONGEST.toDays()
                                    + " days later.")
                    .asException();
        }
        return shaped;
    }

    private Content shaped(Content content) {
        var entity = content.entity();
        var value = entity == null || entity.isBlank() ? null : entity.strip().toLowerCase(Locale.ROOT);
        var query = content.query().strip();
        if (content.rules().isEmpty() && query.isEmpty() && value == null) {
            throw Problem.badRequest("too-wide", "Say which alerts: by rule, by a query or by an entity.")
                    .asException();
        }
        if (content.rules().size() > Suppression.MOST_RULES || value != null && value.length() > MAX_ENTITY) {
            throw Problem.badRequest(
                            "too-much",
                            "At most " + Suppression.MOST_RULES + " rules, and " + MAX_ENTITY
                                    + " characters of an entity.")
                    .asException();
        }
        if (!query.isEmpty()) {
            try {
                CompiledPredicate.check(conditions.read(query));
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest("invalid-query", String.valueOf(e.getMessage()))
                        .asException();
            }
        }
        return new Content(
                content.rules().stream().distinct().toList(),
                query,
                value,
                content.reason().strip(),
                content.starts(),
                content.expires());
    }

    private static Suppression existing(Connection connection, EventId id, boolean lock) throws SQLException {
        var one = SuppressionRows.find(connection, tenant(), id, lock);
        if (one == null) {
            throw Problem.notFound("There is no such suppression.").asException();
        }
        return one;
    }

    private static void audit(
            Connection connection, Instant now, String action, Suppression one, @Nullable Suppression before)
            throws SQLException {
        var content = one.content();
        var detail = before == null
                ? AuditLog.detail(
                        connection,
                        "rules",
                        String.join(" ", content.rules()),
                        "query",
                        content.query(),
                        "entity",
                        content.entity(),
                        "reason",
                        content.reason(),
                        "starts",
                        content.starts().toString(),
                        "expires",
                        content.expires().toString())
                : AuditLog.detail(
                        connection,
                        "before",
                        told(before.content()),
                        "after",
                        told(content),
                        "reason",
                        content.reason());
        var caller = CallerScope.current();
        var entry = new AuditLog.Entry(now, caller.subject(), action, "suppression:" + one.id(), detail);
        AuditLog.append(connection, caller.tenant(), entry);
    }

    private static String told(Content content) {
        return "rules " + content.rules() + "; query " + content.query() + "; entity " + content.entity() + "; "
                + content.starts() + " to " + content.expires() + "; " + content.reason();
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
