package io.marsad.server.node;

import io.marsad.api.intel.IntelServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.store.EventStore;
import io.marsad.server.config.Config;
import io.marsad.soc.indicator.FeedIndicators;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.OwnIndicators;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.soc.indicator.WarningLists;
import io.marsad.soc.indicator.feed.FeedFetching;
import io.marsad.soc.indicator.feed.Feeds;
import io.marsad.soc.intel.IntelFiles;
import io.marsad.soc.intel.service.Intelligence;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of values: the tenants' lists, the installation's feeds in {@code DATA/intel}, and services outside. */
final class Intel {
    private static final Logger LOG = LoggerFactory.getLogger(Intel.class);
    private static final int MOST_FAULTS = 20;

    /** How long a feed may take, and how large it may be. */
    private static final OutboundHttp.Limits FEED =
            new OutboundHttp.Limits(Duration.ofSeconds(10), Duration.ofMinutes(2), 32 << 20);

    private Intel() {}

    /** What it is kept in. */
    record State(Database database, Vault vault, EventStore store) {}

    static IntelServices open(Config config, State state, Parts parts, InstantSource clock, RandomGenerator random)
            throws IOException {
        var folder = config.data().resolve("intel");
        var feeds = Files.isDirectory(folder) ? IntelFiles.read(folder) : IntelFiles.Library.EMPTY;
        feeds.faults().stream().limit(MOST_FAULTS).forEach(fault -> LOG.warn("intelligence is left out: {}", fault));
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var http = new OutboundHttp(new OutboundGuard(config.outbound()), tls, OutboundHttp.Limits.standard());
        var database = state.database;
        var sources = new Intelligence.Sources(
                tenant -> new OwnIndicators(database, tenant), feeds.sources(), http, Map.of());
        var warnings = parts.add(WarningLists.read(
                List.of(config.content().resolve("warning-lists"), config.data().resolve("warning-lists"))));
        var guard = new OutboundGuard(config.outbound());
        var fetching =
                new FeedFetching(database, new OutboundHttp(guard, tls, FEED), new FeedIndicators(warnings), clock);
        parts.add(FeedClock.start(fetching));
        return new IntelServices(
                new Indicators(database, warnings, clock),
                new PastSightings(state.store, clock),
                new Intelligence(database, state.vault, sources, clock),
                new Feeds(database, guard, clock, random));
    }
}
