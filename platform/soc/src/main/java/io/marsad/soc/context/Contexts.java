package io.marsad.soc.context;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.context.ContextFact.Content;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the tenant of the running {@link CallerScope} knows of its entities; every change is in its audit log, and alerts of the
 * last day are weighed anew by it. Thread-safe.
 */
public final class Contexts {
    /** The most that a tenant has. */
    public static final int MOST = 500;

    /** How old an alert may be to be weighed anew when something becomes known. */
    public static final Duration WEIGHED_ANEW = Duration.ofHours(24);

    private static final Set<String> KINDS = Set.of("crown_jewel", "vip", "maintenance", "other");
    private static final int MOST_ALERTS = 10_000;
    private static final int MAX_STEPS = 4;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Contexts(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** All, newest first. */
    public List<ContextFact> list() {
        return database.inCallerTenant(connection -> ContextRows.list(connection, CallerScope.tenant()));
    }

    /**
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-fact}, {@code reason-required},
     *     {@code invalid-time}; 409 {@code too-many-facts}
     */
    public ContextFact create(Content wanted) {
        var now = now();
        var content = sound(wanted, now);
        var caller = CallerScope.current();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        return database.inCallerTenant(connection -> {
            if (ContextRows.list(connection, caller.tenant()).size() >= MOST) {
                throw Problem.conflict("too-many-facts", "There are " + MOST + " facts: delete some that have expired.")
                        .asException();
            }
            var name = Actors.name(connection, caller);
            var fact = new ContextFact(id, content, caller.subject(), name, now, now, 1);
            ContextRows.insert(connection, caller.tenant(), fact);
            changed(connection, now, "context.create", null, fact);
            return fact;
        });
    }

    /**
     * Puts the content in the place of what there was; the owner stays.
     *
     * @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404; 409 {@code changed-meanwhile}
     */
    public ContextFact update(EventId id, Content wanted, int version) {
        var now = now();
        var content = sound(wanted, now);
        return database.inCallerTenant(connection -> {
            var before = existing(connection, id);
            if (before.version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "It was changed meanwhile: it has version " + before.version() + " now.")
                        .asException();
            }
            var after = new ContextFact(
                    id, content, before.owner(), before.ownerName(), before.createdAt(), now, version + 1);
            ContextRows.update(connection, CallerScope.tenant(), after);
            changed(connection, now, "context.update", before, after);
            return after;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(connection, id);
            ContextRows.delete(connection, CallerScope.tenant(), id);
            changed(connection, now, "context.delete", before, null);
            return true;
        });
    }

    /**
     * What it would have changed of the alerts of the last 30 days.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-fact}
     */
    public ContextPreview preview(Content wanted) {
        var content = shaped(wanted);
        var now = now();
        return database.inCallerTenant(
                connection -> ContextRows.preview(connection, CallerScope.tenant(), content, now));
    }

    /** The audit entry; and alerts of the last day are weighed anew, those that the fact was about too. */
    private static void changed(
            Connection connection,
            Instant now,
            String action,
            @Nullable ContextFact before,
            @Nullable ContextFact after)
            throws SQLException {
        var caller = CallerScope.current();
        var alerts = new LinkedHashSet<UUID>();
        var id = "";
        for (var fact : new @Nullable ContextFact[] {before, after}) {
            if (fact != null) {
                id = fact.id().toString();
                alerts.addAll(ContextRows.alerts(
                        connection, caller.tenant(), fact.content(), now.minus(WEIGHED_ANEW), MOST_ALERTS));
            }
        }
        Outbox.put(connection, caller.tenant(), now, List.of(AlertFollowers.RISK), alerts);
        var detail = AuditLog.detail(
                connection,
                "before",
                before == null ? null : told(before.content()),
                "after",
                after == null ? null : told(after.content()),
                "alerts",
                String.valueOf(alerts.size()));
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(now, caller.subject(), action, "context:" + id, detail));
    }

    private static String told(Content content) {
        var kind = content.entityKind();
        return content.name() + " (" + content.kind() + "): " + (kind == null ? "any" : kind.word()) + " "
                + content.pattern() + "; risk " + content.risk().toPlainString() + "; severity "
                + content.severityShift() + "; " + content.starts() + " to " + content.expires() + "; "
                + content.reason();
    }

    private static Content sound(Content wanted, Instant now) {
        var content = shaped(wanted);
        if (content.reason().isBlank() || content.name().isBlank()) {
            throw Problem.badRequest("reason-required", "Say what it is called, and why.")
                    .asException();
        }
        var latest = (content.starts().isAfter(now) ? content.starts() : now).plus(ContextFact.LONGEST);
        if (!content.expires().isAfter(now)
                || !content.expires().isAfter(content.starts())
                || content.expires().isAfter(latest)) {
            throw Problem.badRequest(
                            "invalid-time",
                            "It has to expire, after its start, and at most " + ContextFact.LONGEST.toDays()
                                    + " days later.")
                    .asException();
        }
        return content;
    }

    private static Content shaped(Content content) {
        var pattern = content.pattern().strip().toLowerCase(Locale.ROOT);
        var risk = content.risk().setScale(2, RoundingMode.HALF_UP);
        if (!KINDS.contains(content.kind())
                || pattern.isEmpty()
                || pattern.chars().allMatch(c -> c == '*')) {
            throw invalid("Say which entities: a value, in which * is any text, but not only that.");
        }
        if (risk.abs().compareTo(BigDecimal.ONE) > 0 || Math.abs(content.severityShift()) > MAX_STEPS) {
            throw invalid("Risk is changed by −1 to 1, severity by −4 to 4 steps.");
        }
        if (risk.signum() == 0 && content.severityShift() == 0) {
            throw invalid("Say what it changes: risk, severity or both.");
        }
        return new Content(
                content.name().strip(),
                content.kind(),
                content.entityKind(),
                pattern,
                risk,
                content.severityShift(),
                content.reason().strip(),
                content.starts(),
                content.expires());
    }

    private static RuntimeException invalid(String detail) {
        return Problem.badRequest("invalid-fact", detail).asException();
    }

    private static ContextFact existing(Connection connection, EventId id) throws SQLException {
        var fact = ContextRows.lock(connection, CallerScope.tenant(), id);
        if (fact == null) {
            throw Problem.notFound("There is no such fact.").asException();
        }
        return fact;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
