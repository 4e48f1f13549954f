package io.marsad.api;

import io.marsad.api.http.Json;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.soc.notify.Notifications;
import io.marsad.soc.notify.Ways;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** Channels that a tenant of the tests has. */
final class OwnChannels {
    private static final String CHANNEL = "{\"name\":\"%s\",\"kind\":\"webhook\",\"target\":\"https://example.com/%s\","
            + "\"secret\":\"%s\",\"min_severity\":\"high\",\"per_hour\":5,\"enabled\":false}";

    private OwnChannels() {}

    /** What nothing leaves by: nobody is allowed inside, and the test's channels are off. */
    static Notifications notifications(Database database, Vault vault, InstantSource clock, RandomGenerator random) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var guard = new OutboundGuard(List.of());
        var http = new OutboundHttp(guard, tls, OutboundHttp.Limits.standard());
        return new Notifications(database, vault, new Ways(guard, http, null, null), clock, random);
    }

    static String body(String word) {
        return CHANNEL.replace("%s", word);
    }

    /** Two, of which the first was told something and did not take something. */
    static List<String> things(TestNode node, TestNode.Tenant tenant, String word, String alert) throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 2; i++) {
            var made = node.send(tenant.byToken(), "POST", "/v1/notifications/channels", body(word + i));
            ids.add(Json.tree(made.body()).get("id").stringValue());
        }
        node.database.inTenant(tenant.id(), connection -> {
            var told = "WITH failed AS (UPDATE notification_channels SET failure = ?, failed_at = now()"
                    + " WHERE tenant_id = ?) INSERT INTO notifications VALUES (?, ?::uuid, ?::uuid, 'sent', now())";
            try (var insert = connection.prepareStatement(told)) {
                insert.setString(1, word);
                insert.setString(2, tenant.id().value());
                insert.setString(3, tenant.id().value());
                insert.setString(4, alert);
                insert.setString(5, ids.getFirst());
                return insert.executeUpdate();
            }
        });
        return ids;
    }
}
