package io.marsad.soc.indicator.feed;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundRefused;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.indicator.FeedIndicators;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The feeds of the tenant of the running {@link CallerScope}; every change is in its audit log. Thread-safe. */
public final class Feeds {
    private static final int MOST = 100;
    private static final Duration SHORTEST = Duration.ofMinutes(15);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private final Database database;
    private final OutboundGuard guard;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Feeds(Database database, OutboundGuard guard, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.guard = guard;
        this.clock = clock;
        this.random = random;
    }

    public List<Feed> list() {
        return database.inCallerTenant(connection -> FeedRows.all(connection, tenant()));
    }

    /**
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-feed}; 409 {@code name-taken},
     *     {@code too-many-feeds}
     */
    public Feed create(Feed.Content content) {
        var now = now();
        check(content);
        var caller = CallerScope.current();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        return database.inCallerTenant(connection -> {
            free(connection, id, content.name());
            var made = new Feed.Made(Actors.name(connection, caller), now, now, 1);
            var feed = new Feed(id, content, health(content, now), made);
            FeedRows.insert(connection, tenant(), feed);
            audit(connection, now, "intel-feed.create", id, "is", told(content));
            return existing(connection, id, false);
        });
    }

    /**
     * Fetches it otherwise from now on, and at once.
     *
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException as {@link #create}; 404; 409 {@code changed-meanwhile}
     */
    public Feed update(EventId id, Feed.Content content, int version) {
        var now = now();
        check(content);
        return database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            if (before.made().version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "It was changed meanwhile: it has version "
                                        + before.made().version() + " now.")
                        .asException();
            }
            free(connection, id, content.name());
            var made = new Feed.Made(before.made().by(), before.made().at(), now, version + 1);
            FeedRows.update(connection, tenant(), new Feed(id, content, health(content, now), made));
            audit(connection, now, "intel-feed.update", id, "after", told(content));
            return existing(connection, id, false);
        });
    }

    /**
     * Fetches it no more. What it lists is looked for no more; sightings and alerts stay.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404
     */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(connection, id, true);
            int ended = FeedIndicators.end(connection, CallerScope.tenant(), id, List.of(), now);
            FeedRows.delete(connection, tenant(), id);
            var was = told(before.content()) + "; " + ended + " indicators are not looked for any more";
            audit(connection, now, "intel-feed.delete", id, "was", was);
            return true;
        });
    }

    /**
     * Has it fetched as soon as can be.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code feed-off}
     */
    public Feed fetchSoon(EventId id) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var feed = existing(connection, id, true);
            if (!feed.content().enabled()) {
                throw Problem.conflict("feed-off", "It is switched off: switch it on first.")
                        .asException();
            }
            FeedRows.due(connection, tenant(), id, now);
            return existing(connection, id, false);
        });
    }

    private static Feed.Health health(Feed.Content content, Instant now) {
        return new Feed.Health(null, null, null, 0, 0, List.of(), content.enabled() ? now : NEVER);
    }

    private void check(Feed.Content content) {
        boolean often = content.every().compareTo(SHORTEST) < 0;
        if (often || content.every().compareTo(LONGEST) > 0) {
            throw refused("A feed is fetched every " + SHORTEST.toMinutes() + " minutes at most, every "
                    + LONGEST.toDays() + " days at least.");
        }
        try {
            guard.require(content.url());
        } catch (OutboundRefused e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static RuntimeException refused(String why) {
        return Problem.badRequest("invalid-feed", why).asException();
    }

    /**
     * The address that somebody typed.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-feed}
     */
    public static URI address(String typed) {
        try {
            return URI.create(typed.strip());
        } catch (IllegalArgumentException e) {
            throw refused("This is no address: " + e.getMessage());
        }
    }

    private static void free(Connection connection, EventId id, String name) throws SQLException {
        var all = FeedRows.all(connection, tenant());
        if (all.stream()
                .anyMatch(one -> one.content().name().equals(name) && !one.id().equals(id))) {
            throw Problem.conflict("name-taken", "There is a feed of that name.")
                    .asException();
        }
        if (all.size() >= MOST && all.stream().noneMatch(one -> one.id().equals(id))) {
            throw Problem.conflict("too-many-feeds", "There are " + MOST + " feeds: delete one first.")
                    .asException();
        }
    }

    private static Feed existing(Connection connection, EventId id, boolean lock) throws SQLException {
        @Nullable Feed feed = FeedRows.find(connection, tenant(), id, lock);
        if (feed == null) {
            throw Problem.notFound("There is no such feed.").asException();
        }
        return feed;
    }

    private static void audit(Connection connection, Instant now, String action, EventId id, String name, String text)
            throws SQLException {
        var caller = CallerScope.current();
        var detail = AuditLog.detail(connection, name, text);
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(now, caller.subject(), action, "intel-feed:" + id, detail));
    }

    private static String told(Feed.Content content) {
        return content.name() + ", " + content.format() + " of " + content.url() + " every "
                + content.every().toMinutes() + " minutes, confidence " + content.confidence() + ", TLP:"
                + content.tlp().word() + (content.enabled() ? "" : ", off");
    }

    private static String tenant() {
        return CallerScope.tenant().value();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
