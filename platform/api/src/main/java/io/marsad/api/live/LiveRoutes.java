package io.marsad.api.live;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.live.LiveEvent;
import io.marsad.soc.live.LiveFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/live}: the tenant's feed as server-sent events, from where the client says it was. */
public final class LiveRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    /** How soon a stream that was ended notices. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final LiveFeed feed;
    private final LiveStreams streams;
    private final Duration heartbeat;
    private final Duration look;

    /** @param heartbeat how often a line shows that it is open, and the credential is looked at again */
    public LiveRoutes(LiveFeed feed, LiveStreams streams, Duration heartbeat) {
        this.feed = feed;
        this.streams = streams;
        this.heartbeat = heartbeat;
        this.look = heartbeat.compareTo(LOOK) < 0 ? heartbeat : LOOK;
    }

    public List<Route> routes() {
        return List.of(new Route("live", this::live));
    }

    private void live(Exchange exchange) {
        var tenant = CallerScope.tenant();
        var after = after(exchange);
        streams.admit(tenant);
        try (var listener = feed.listen(tenant, after)) {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no"); // proxies would hold events back
            var out = exchange.stream("text/event-stream; charset=utf-8");
            try (var stream = streams.open(tenant, exchange.credential().id(), out)) {
                follow(exchange, listener, stream);
            }
        } catch (IOException e) {
            LOG.debug("the client of live stream {} left: {}", exchange.requestId(), e.getMessage());
        }
    }

    private void follow(Exchange exchange, LiveFeed.Listener listener, LiveStreams.Stream stream) throws IOException {
        stream.events().comment("open");
        long beat = System.nanoTime();
        while (!stream.isEnded()) {
            long asked = System.nanoTime();
            List<LiveEvent> news;
            try {
                news = listener.poll(look);
            } catch (InterruptedException e) {
                return; // the stream was ended
            }
            for (var event : news) {
                var id = event.seq() == 0 ? null : Long.toString(event.seq()); // nobody can come back behind it
                stream.events().event(event.kind(), id, event.payload());
            }
            long now = System.nanoTime();
            if (news.isEmpty() && now - asked < look.toNanos() / 2) {
                return; // nothing, and no waiting: the feed was closed
            }
            if (now - beat >= heartbeat.toNanos()) {
                if (!exchange.isStillAdmitted()) {
                    return;
                }
                stream.events().comment("still here");
                beat = now;
            }
        }
    }

    /** Browsers send the header when they come back; a page that opens a stream can only set the query. */
    private static @Nullable Long after(Exchange exchange) {
        var header = exchange.header("Last-Event-ID");
        var text = header == null || header.isEmpty() ? exchange.query("last_event_id") : header;
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw Problem.badRequest("invalid-parameter", "Last-Event-ID is none that this API gave.")
                    .asException();
        }
    }
}
