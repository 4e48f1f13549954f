package io.marsad.soc.notify;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertReading;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells a tenant's channels of alerts that are escalated: each alert once a channel, and again only when the platform dies
 * between the receiver's answer and writing it down; every message has an id by which receivers can tell. A channel that
 * does not take it holds up no other. Thread-safe.
 */
public final class Telling implements Follower {
    private final Database database;
    private final Vault vault;
    private final Ways ways;
    private final InstantSource clock;

    public Telling(Database database, Vault vault, Ways ways, InstantSource clock) {
        this.database = database;
        this.vault = vault;
        this.ways = ways;
        this.clock = clock;
    }

    private record Read(
            List<Channel> channels, Map<EventId, String> secrets, List<Notice> notices, Map<UUID, Set<UUID>> told) {}

    @Override
    public void follow(Claim claim) throws IOException {
        var tenant = claim.tenant();
        var read = database.<Read>inTenant(tenant, connection -> read(connection, tenant, claim.subjects()));
        var refused = new HashMap<EventId, IOException>();
        for (Notice notice : read.notices) {
            for (Channel channel : read.channels) {
                boolean due = channel.content().enabled()
                        && notice.severity().compareTo(channel.content().least()) >= 0
                        && !refused.containsKey(channel.id())
                        && !read.told
                                .getOrDefault(notice.alert().uuid(), Set.of())
                                .contains(channel.id().uuid());
                if (due) {
                    try {
                        tell(tenant, channel, read.secrets.get(channel.id()), notice);
                    } catch (IOException e) {
                        refused.put(channel.id(), e);
                    }
                }
            }
        }
        if (!refused.isEmpty()) {
            throw refused.values().iterator().next(); // what was sent is written down; the rest is tried again
        }
        database.inTenant(tenant, connection -> {
            claim.done(connection);
            return true;
        });
    }

    private void tell(TenantId tenant, Channel channel, @Nullable String secret, Notice notice) throws IOException {
        var at = now();
        var alert = notice.alert().uuid();
        long held = database.<Long>inTenant(tenant, connection -> {
            if (ChannelRows.take(connection, tenant, channel.id(), at)) {
                return ChannelRows.held(connection, tenant, channel);
            }
            ChannelRows.told(connection, tenant, channel.id(), alert, Notification.State.HELD, at);
            return -1L;
        });
        if (held < 0) {
            return;
        }
        var id = notice.alert() + "." + channel.id();
        try {
            new Sender(ways).send(channel, secret, new Sender.Parcel(id, notice, held, at));
        } catch (IOException e) {
            database.inTenant(tenant, connection -> {
                ChannelRows.failed(connection, tenant, channel.id(), String.valueOf(e.getMessage()), at);
                return true;
            });
            throw e;
        }
        database.inTenant(tenant, connection -> {
            ChannelRows.told(connection, tenant, channel.id(), alert, Notification.State.SENT, at);
            ChannelRows.sent(connection, tenant, channel.id(), at);
            return true;
        });
    }

    private Read read(Connection connection, TenantId tenant, List<UUID> alerts) throws SQLException {
        var channels = ChannelRows.list(connection, tenant, Set.of());
        var secrets = new HashMap<EventId, String>();
        if (channels.isEmpty()) {
            return new Read(channels, secrets, List.of(), Map.of());
        }
        for (Channel channel : channels) {
            try (var secret = vault.read(
                    connection, tenant, ChannelRows.secret(channel.id().uuid()))) {
                if (secret != null) {
                    secrets.put(channel.id(), secret.text());
                }
            }
        }
        var decided = decided(connection, tenant, alerts);
        var notices = AlertReading.of(connection, tenant, new HashSet<>(alerts)).stream()
                .filter(reading -> reading.alert().escalated()) // somebody may have taken it back meanwhile
                .map(reading -> notice(tenant, reading, decided))
                .toList();
        return new Read(channels, secrets, notices, ChannelRows.told(connection, tenant, alerts));
    }

    private Notice notice(TenantId tenant, AlertReading reading, Map<UUID, Notice.Decided> decided) {
        Alert alert = reading.alert();
        URI origin = ways.origin();
        return new Notice(
                tenant,
                alert.id(),
                alert.title(),
                alert.severity(),
                alert.ruleId(),
                alert.time(),
                alert.entities(),
                reading.narrative(),
                decided.get(alert.id().uuid()),
                origin == null ? null : origin.resolve("/alerts?alert=" + alert.id()));
    }

    private static Map<UUID, Notice.Decided> decided(Connection connection, TenantId tenant, List<UUID> alerts)
            throws SQLException {
        var decided = new HashMap<UUID, Notice.Decided>();
        try (var select = connection.prepareStatement("SELECT alert_id, decision, confidence,"
                + " explanation::jsonb #>> '{explainability,reasons,0}' FROM decisions"
                + " WHERE tenant_id = ? AND alert_id = ANY (?) AND decision = 'escalate'")) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", alerts.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    BigDecimal confidence = rows.getBigDecimal(3);
                    var reason = rows.getString(4);
                    decided.put(
                            rows.getObject(1, UUID.class),
                            new Notice.Decided(rows.getString(2), confidence, reason == null ? "" : reason));
                }
            }
        }
        return decided;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
