package io.marsad.soc.alert;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.InboxRows;
import io.marsad.soc.inbox.Mentions;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells people of alerts that somebody gave to them, and where a comment names them; many at once as one entry. */
final class AlertInbox {
    private AlertInbox() {}

    /** @return what the live feed says of it */
    static List<News> assigned(
            Connection connection, TenantId tenant, List<ActRows.Change> changes, List<Alert> after, By by)
            throws SQLException {
        var before = new HashMap<String, @Nullable String>();
        changes.forEach(change -> before.put(
                change.before().id().toString(), change.before().state().assignee()));
        var given = new TreeMap<String, List<Alert>>();
        for (Alert alert : after) {
            var who = alert.assignee();
            if (who != null
                    && !who.equals(by.name)
                    && !who.equals(before.get(alert.id().toString()))) {
                given.computeIfAbsent(who, _ -> new ArrayList<>()).add(alert);
            }
        }
        var news = new ArrayList<News>();
        for (var one : given.entrySet()) {
            news.addAll(tell(connection, tenant, List.of(one.getKey()), InboxEntry.Kind.ASSIGNED, one.getValue(), by));
        }
        return news;
    }

    /** @return what the live feed says of it */
    static List<News> mentioned(
            Connection connection, TenantId tenant, @Nullable String comment, List<Alert> about, By by)
            throws SQLException {
        var names = Mentions.of(comment);
        return names.isEmpty() || about.isEmpty()
                ? List.of()
                : tell(connection, tenant, names, InboxEntry.Kind.MENTIONED, about, by);
    }

    /** Who acts, and when. */
    record By(String name, Instant at) {}

    private static List<News> tell(
            Connection connection,
            TenantId tenant,
            Collection<String> names,
            InboxEntry.Kind kind,
            List<Alert> about,
            By by)
            throws SQLException {
        var first = about.getFirst();
        var telling = new InboxRows.Telling(
                kind, InboxEntry.About.ALERT, first.id(), null, about.size(), first.title(), by.name);
        return InboxRows.tell(connection, tenant, by.at, names, telling);
    }
}
