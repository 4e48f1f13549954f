package io.marsad.respond.durable;

import io.marsad.soc.live.LiveFeed;
import io.marsad.soc.live.LiveFeed.News;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/** Tells whoever looks on that runs and actions have changed. It holds a lock: after what is in the audit log. */
final class LiveNews {
    private LiveNews() {}

    static void tell(Turn turn, Collection<UUID> runs, Collection<UUID> actions) throws SQLException {
        var news = new java.util.ArrayList<News>();
        runs.forEach(id -> news.add(news("run", id)));
        actions.forEach(id -> news.add(news("action", id)));
        LiveFeed.append(turn.connection(), turn.tenant(), turn.now(), news);
    }

    private static News news(String kind, UUID id) {
        return new News(kind, "{\"kind\":\"" + kind + "\",\"id\":\"" + id + "\"}");
    }
}
