package io.marsad.soc.indicator;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.indicator.Indicators.Wanted;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a feed lists that is fetched again and again. What it lists no more ends; what somebody of the tenant lists, has
 * changed or revoked stays as that person says. Thread-safe.
 */
public final class FeedIndicators {
    private final WarningLists warnings;

    public FeedIndicators(WarningLists warnings) {
        this.warnings = warnings;
    }

    /**
     * What became of them.
     *
     * @param ended that the feed lists no more
     */
    public record Outcome(int added, int changed, int ended) {}

    /** Puts what the feed lists now in the place of what it listed before, in the caller's transaction. */
    public Outcome take(Connection connection, TenantId tenant, EventId feed, List<Wanted> wanted, Instant now)
            throws SQLException {
        var byId = new LinkedHashMap<EventId, Wanted>();
        wanted.forEach(one -> byId.put(IndicatorRows.id(tenant.value(), one.value()), one));
        var before = new HashMap<EventId, Listed>();
        IndicatorRows.find(connection, tenant.value(), byId.keySet(), true).forEach(one -> before.put(one.id(), one));
        var changes = new ArrayList<Map.Entry<EventId, Wanted>>();
        int changed = 0;
        for (var one : byId.entrySet()) {
            var was = before.get(one.getKey());
            if (was == null || isOver(was, feed, one.getValue(), now)) {
                changes.add(one);
                changed += was == null ? 0 : 1;
            }
        }
        put(connection, tenant, feed, changes, before, now);
        int ended = end(connection, tenant, feed, byId.keySet(), now);
        return new Outcome(changes.size() - changed, changed, ended);
    }

    private void put(
            Connection connection,
            TenantId tenant,
            EventId feed,
            List<Map.Entry<EventId, Wanted>> changes,
            Map<EventId, Listed> before,
            Instant now)
            throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        int number = IndicatorRows.take(connection, tenant.value(), changes.size());
        var rows = new ArrayList<Listed>(changes.size());
        for (var one : changes) {
            var wanted = one.getValue();
            var was = before.get(one.getKey());
            var made = new Listed.Made("feed " + wanted.about().source(), now, now, 1, feed);
            rows.add(new Listed(
                    one.getKey(),
                    number++,
                    wanted.value(),
                    was == null
                            ? wanted.about()
                            : since(wanted.about(), was.about().from()),
                    warnings.on(wanted.value()),
                    made,
                    0,
                    null,
                    null));
        }
        IndicatorRows.put(connection, tenant.value(), rows);
        IndicatorRows.tell(connection, tenant.value());
    }

    private static Listed.About since(Listed.About about, Instant from) {
        return new Listed.About(
                about.confidence(),
                about.tlp(),
                about.source(),
                about.description(),
                about.tags(),
                from.isBefore(about.from()) ? from : about.from(),
                about.until(),
                about.revoked());
    }

    /** Does what the feed says count, and is it something else than what is listed? */
    private boolean isOver(Listed was, EventId feed, Wanted wanted, Instant now) {
        var about = was.about();
        if (!feed.equals(was.made().feed())) { // somebody's own word, or another feed's, while it holds
            return was.state(now).equals("expired");
        }
        var says = wanted.about();
        @Nullable Instant until = about.until();
        boolean same = about.confidence() == says.confidence()
                && about.tlp() == says.tlp()
                && about.source().equals(says.source())
                && about.description().equals(says.description())
                && (until == null ? says.until() == null : until.equals(says.until()));
        return !same && !about.revoked();
    }

    /**
     * Ends what the feed listed; tells those who look for it.
     *
     * @param but what it still lists
     * @return how many
     */
    public static int end(Connection connection, TenantId tenant, EventId feed, Collection<EventId> but, Instant now)
            throws SQLException {
        int ended;
        try (var update = connection.prepareStatement("UPDATE indicators SET valid_until = ?, updated_at = ?,"
                + " version = version + 1 WHERE tenant_id = ? AND feed_id = ? AND NOT revoked"
                + " AND (valid_until IS NULL OR valid_until > ?)"
                + " AND indicator_id NOT IN (SELECT unnest(?::uuid[]))")) {
            var at = Timestamp.from(now);
            update.setTimestamp(1, at);
            update.setTimestamp(2, at);
            update.setString(3, tenant.value());
            update.setObject(4, feed.uuid());
            update.setTimestamp(5, at);
            update.setArray(
                    6,
                    connection.createArrayOf(
                            "uuid", but.stream().map(EventId::uuid).toArray()));
            ended = update.executeUpdate();
        }
        if (ended > 0) {
            IndicatorRows.tell(connection, tenant.value());
        }
        return ended;
    }
}
