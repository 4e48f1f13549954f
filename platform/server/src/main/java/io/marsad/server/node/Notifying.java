package io.marsad.server.node;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.db.vault.Vault;
import io.marsad.server.config.Config;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.inbox.InboxRows;
import io.marsad.soc.notify.Announcing;
import io.marsad.soc.notify.InboxMail;
import io.marsad.soc.notify.Notifications;
import io.marsad.soc.notify.PersonalMail;
import io.marsad.soc.notify.Telling;
import io.marsad.soc.notify.Ways;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** Who tells people of escalated alerts, of what playbooks want told, and of what came into their inbox. */
record Notifying(Notifications notifications, PersonalMail mail, Announcing announcing, List<Following> followings) {
    /** Longer than all channels of an alert may take; renewed while they do. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final int AT_ONCE = 20;
    private static final int TENANTS = 4;

    static Notifying open(Config config, Database database, Vault vault, InstantSource clock, RandomGenerator random) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var guard = new OutboundGuard(config.outbound());
        var ways = new Ways(
                guard,
                new OutboundHttp(guard, tls, OutboundHttp.Limits.standard()),
                config.mail(),
                config.http().origin());
        return new Notifying(
                new Notifications(database, vault, ways, clock, random),
                new PersonalMail(database, ways),
                new Announcing(database, vault, ways, clock),
                List.of(
                        new Following(
                                AlertFollowers.NOTIFICATIONS,
                                new Telling(database, vault, ways, clock),
                                AT_ONCE,
                                LEASE,
                                TENANTS),
                        new Following(InboxRows.QUEUE, new InboxMail(database, ways, clock), 1, LEASE, TENANTS)));
    }
}
