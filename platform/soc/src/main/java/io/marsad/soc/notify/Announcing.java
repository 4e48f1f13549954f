package io.marsad.soc.notify;

import io.marsad.connect.OutboundLost;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a tenant's channels what a playbook, or somebody, wants told. Thread-safe. */
public final class Announcing {
    private final Database database;
    private final Vault vault;
    private final Ways ways;
    private final InstantSource clock;

    public Announcing(Database database, Vault vault, Ways ways, InstantSource clock) {
        this.database = database;
        this.vault = vault;
        this.ways = ways;
        this.clock = clock;
    }

    /** What is told. @param id by which receivers that can tell a repetition from another message */
    public record Words(EventId id, String title, String text, Severity severity) {}

    /**
     * What came of it.
     *
     * @param took names of the channels that took it
     * @param left why others did not, with their names
     * @param maybe whether one of those may have it nevertheless
     */
    public record Told(List<String> took, List<String> left, boolean maybe) {}

    /** By name; those that are switched off, too; in a transaction of the tenant. */
    public static List<Channel> channels(Connection connection, TenantId tenant) throws SQLException {
        return ChannelRows.list(connection, tenant, Set.of());
    }

    /** Whether a channel knows a message that comes twice as one. */
    public static boolean repeats(Channel channel) {
        return switch (channel.content().kind()) {
            case WEBHOOK, PAGERDUTY -> true;
            case SLACK, EMAIL -> false;
        };
    }

    /** One after the other; one that does not take it holds up no other. No transaction may be open. */
    public Told tell(TenantId tenant, List<Channel> channels, Words words) {
        var took = new ArrayList<String>();
        var left = new ArrayList<String>();
        boolean maybe = false;
        for (var channel : channels) {
            var name = channel.content().name();
            try {
                tell(tenant, channel, words);
                took.add(name);
            } catch (IOException e) {
                left.add(name + ": " + e.getMessage());
                maybe |= channel.content().kind() == Channel.Kind.EMAIL || e.getCause() instanceof OutboundLost;
            }
        }
        return new Told(took, left, maybe);
    }

    private void tell(TenantId tenant, Channel channel, Words words) throws IOException {
        var at = Instant.ofEpochMilli(clock.millis());
        long held = database.<Long>inTenant(
                tenant,
                connection -> ChannelRows.take(connection, tenant, channel.id(), at)
                        ? ChannelRows.held(connection, tenant, channel)
                        : -1L);
        if (held < 0) {
            throw new IOException("its limit of " + channel.content().perHour() + " messages an hour is reached");
        }
        var notice = Notice.said(tenant, words.id, words.title, words.severity, at, words.text);
        var parcel = new Sender.Parcel(words.id + "." + channel.id(), notice, held, at);
        try {
            new Sender(ways).send(channel, secret(tenant, channel), parcel);
        } catch (IOException e) {
            database.inTenant(tenant, connection -> {
                ChannelRows.failed(connection, tenant, channel.id(), String.valueOf(e.getMessage()), at);
                return true;
            });
            throw e;
        }
        database.inTenant(tenant, connection -> {
            ChannelRows.sent(connection, tenant, channel.id(), at);
            return true;
        });
    }

    private @Nullable String secret(TenantId tenant, Channel channel) {
        return database.<@Nullable String>inTenant(tenant, connection -> {
            try (var kept = vault.read(
                    connection, tenant, ChannelRows.secret(channel.id().uuid()))) {
                return kept == null ? null : kept.text();
            }
        });
    }
}
