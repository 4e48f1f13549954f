package io.marsad.server.node;

import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.server.config.Config;
import io.marsad.soc.audit.AuditStreaming;
import io.marsad.soc.audit.AuditStreams;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLSocketFactory;

/** Sends audit logs to where their tenants want them. */
final class AuditReceivers {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private AuditReceivers() {}

    static AuditStreams start(Config config, Database database, InstantSource clock, Parts parts) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory machine)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var streams = new AuditStreams(database, new OutboundGuard(config.outbound()), machine, clock);
        parts.add(AuditStreaming.start(streams, EVERY));
        return streams;
    }
}
