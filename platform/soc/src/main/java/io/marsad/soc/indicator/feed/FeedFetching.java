package io.marsad.soc.indicator.feed;

import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.indicator.FeedIndicators;
import io.marsad.soc.indicator.IndicatorImport;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches feeds that are due. Each is claimed first, by moving its clock on in the database: so of several nodes one fetches
 * it, and when that one dies another does ten minutes later. What a feed lists, and that it was fetched, is in one
 * transaction. One that fails is tried again after five minutes and later and later, and what it listed stays.
 */
public final class FeedFetching {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFetching.class);
    private static final String WHO = "system:intel-feeds";
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_DOUBLED = 8;
    private static final int AT_ONCE = 4;
    private static final int MOST_FAULTS = 20;

    private final Database database;
    private final OutboundHttp http;
    private final FeedIndicators indicators;
    private final InstantSource clock;

    /** @param http by the operator's rules, with the largest feed that is taken as its limit */
    public FeedFetching(Database database, OutboundHttp http, FeedIndicators indicators, InstantSource clock) {
        this.database = database;
        this.http = http;
        this.indicators = indicators;
        this.clock = clock;
    }

    /** What came: a feed, that there is nothing new, or why neither. */
    private sealed interface Fetched {
        record New(IndicatorImport read, Feed.Stamp stamp) implements Fetched {}

        record Same() implements Fetched {}

        record Failed(String why) implements Fetched {}
    }

    /** Fetches what is due now, some at once; returns how many were. */
    public int fetchDue() throws InterruptedException {
        var due = database.<List<FeedRows.Due>>inInstallation(connection -> FeedRows.due(connection, now(), AT_ONCE));
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) { // each fetch is bounded in time
            for (var one : due) {
                running.add(threads.submit(() -> fetch(one)));
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            LOG.warn("a feed could not be fetched; tried again in {} minutes", LEASE.toMinutes(), e);
        }
        return due.size();
    }

    private void fetch(FeedRows.Due due) {
        var tenant = due.tenant();
        var claimed =
                database.<Boolean>inTenant(tenant, connection -> FeedRows.claim(connection, due, now().plus(LEASE)));
        if (!claimed) {
            return;
        }
        record Known(@Nullable Feed feed, Feed.Stamp stamp) {}
        var known = database.inTenant(
                tenant,
                connection -> new Known(
                        FeedRows.find(connection, tenant.value(), due.feed(), false),
                        FeedRows.stamp(connection, tenant.value(), due.feed())));
        var feed = known.feed;
        if (feed != null && feed.content().enabled()) {
            var fetched = fetched(feed, known.stamp);
            try {
                settle(tenant, feed, fetched);
            } catch (DatabaseException e) {
                LOG.warn("what the feed {} of {} lists cannot be kept; tried again later", feed.id(), tenant, e);
            }
        }
    }

    private Fetched fetched(Feed feed, Feed.Stamp stamp) {
        var headers = new HashMap<String, String>(Map.of("Accept", "*/*"));
        if (stamp.etag() != null) {
            headers.put("If-None-Match", stamp.etag());
        }
        if (stamp.modified() != null) {
            headers.put("If-Modified-Since", stamp.modified());
        }
        OutboundHttp.Answer answer;
        try {
            answer = http.get(feed.content().url(), headers);
        } catch (IOException | IllegalArgumentException e) {
            var why = e.getMessage();
            return new Fetched.Failed(why == null ? "it cannot be reached" : why);
        }
        return switch (answer.status()) {
            case 304 -> new Fetched.Same();
            case 200 -> read(feed, answer);
            case 301, 302, 303, 307, 308 ->
                new Fetched.Failed("it answers " + answer.status() + " and leads to " + answer.header("location")
                        + ": give that address");
            case 401, 403 -> new Fetched.Failed("it refuses us (" + answer.status() + ")");
            default -> new Fetched.Failed("it answers " + answer.status());
        };
    }

    private Fetched read(Feed feed, OutboundHttp.Answer answer) {
        var content = feed.content();
        var defaults = new IndicatorImport.Defaults(
                content.name(), content.tlp(), content.confidence(), List.of(), null, false);
        var read = IndicatorImport.read(content.format(), answer.text(), defaults, now());
        if (read.wanted().isEmpty()) { // a page that says that the service is down is no reason to forget all
            return new Fetched.Failed(
                    read.faults().isEmpty()
                            ? "there is no indicator in what it answers"
                            : "what it answers has no indicator: "
                                    + read.faults().getFirst());
        }
        return new Fetched.New(read, new Feed.Stamp(header(answer, "etag"), header(answer, "last-modified")));
    }

    private static @Nullable String header(OutboundHttp.Answer answer, String name) {
        var value = answer.header(name);
        return value == null || value.length() > 500 || value.chars().anyMatch(c -> c < ' ' || c > '~') ? null : value;
    }

    /** Unless it was changed or deleted meanwhile. */
    private void settle(TenantId tenant, Feed fetchedAs, Fetched fetched) {
        var now = now();
        database.inTenant(tenant, connection -> {
            var feed = FeedRows.find(connection, tenant.value(), fetchedAs.id(), true);
            if (feed == null || feed.made().version() != fetchedAs.made().version()) {
                return false;
            }
            var next = now.plus(feed.content().every());
            switch (fetched) {
                case Fetched.Failed(String why) -> {
                    FeedRows.failed(connection, tenant.value(), feed.id(), why, now);
                    next = now.plus(pause(feed));
                }
                case Fetched.Same _ -> FeedRows.same(connection, tenant.value(), feed.id(), now);
                case Fetched.New(IndicatorImport read, Feed.Stamp stamp) ->
                    take(connection, tenant, feed, read, stamp, now);
            }
            FeedRows.due(connection, tenant.value(), feed.id(), next);
            return true;
        });
    }

    private static Duration pause(Feed feed) {
        var longer = FIRST_PAUSE.multipliedBy(
                1L << Math.min(MOST_DOUBLED, feed.health().failures()));
        return longer.compareTo(feed.content().every()) < 0
                ? longer
                : feed.content().every();
    }

    private void take(
            Connection connection, TenantId tenant, Feed feed, IndicatorImport read, Feed.Stamp stamp, Instant now)
            throws SQLException {
        EventId id = feed.id();
        var outcome = indicators.take(connection, tenant, id, read.wanted(), now);
        var faults = read.faults();
        FeedRows.same(connection, tenant.value(), id, now);
        FeedRows.taken(
                connection,
                tenant.value(),
                id,
                stamp,
                read.wanted().size(),
                faults.subList(0, Math.min(MOST_FAULTS, faults.size())));
        if (outcome.added() + outcome.changed() + outcome.ended() > 0) {
            var detail = AuditLog.detail(
                    connection,
                    "from",
                    feed.content().name() + "; " + outcome.added() + " new, " + outcome.changed() + " changed, "
                            + outcome.ended() + " not listed any more");
            AuditLog.append(
                    connection, tenant, new AuditLog.Entry(now, WHO, "indicator.import", "intel-feed:" + id, detail));
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
