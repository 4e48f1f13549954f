package io.marsad.testkit;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;

/** Takes what is due in a queue of the outbox, as a platform does that comes after one that died: its claims are void. */
public final class DueItems {
    private DueItems() {}

    /** @param most so many at most; the claim has no items when nothing is due */
    public static Claim claim(Database database, TenantId tenant, String queue, Instant now, int most) {
        var token = UUID.randomUUID();
        return database.inTenant(tenant, connection -> {
            var items = new ArrayList<Claim.Item>();
            try (var update = connection.prepareStatement("WITH due AS MATERIALIZED (SELECT item_id FROM outbox"
                    + " WHERE tenant_id = ? AND queue = ? AND NOT dead AND next_at <= ? ORDER BY item_id LIMIT ?)"
                    + " UPDATE outbox SET claim = ? FROM due WHERE outbox.tenant_id = ? AND outbox.item_id = due.item_id"
                    + " RETURNING outbox.item_id, outbox.subject, outbox.failures")) {
                update.setString(1, tenant.value());
                update.setString(2, queue);
                update.setTimestamp(3, Timestamp.from(now));
                update.setInt(4, most);
                update.setObject(5, token);
                update.setString(6, tenant.value());
                try (var rows = update.executeQuery()) {
                    while (rows.next()) {
                        items.add(new Claim.Item(rows.getLong(1), rows.getObject(2, UUID.class), rows.getInt(3)));
                    }
                }
            }
            return new Claim(tenant, queue, token, items);
        });
    }
}
