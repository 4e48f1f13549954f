package io.marsad.db.outbox;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * What one {@link Follower} has to do now, and nobody else does.
 *
 * @param items oldest first
 */
public record Claim(TenantId tenant, String queue, UUID token, List<Item> items) {
    public Claim {
        items = List.copyOf(items);
    }

    /**
     * One thing that is to be done.
     *
     * @param subject what it is about: the id of an alert
     * @param failures how often it has failed before
     */
    public record Item(long id, UUID subject, int failures) {}

    /** What it is about, each once, in the order in which they came. */
    public List<UUID> subjects() {
        return items.stream().map(Item::subject).distinct().toList();
    }

    /**
     * Says that all of it is done if the transaction is committed.
     *
     * @param connection of the transaction that does it, which is the tenant's
     * @throws ClaimLostException when it took so long that somebody else does it now: let it undo the transaction
     */
    public void done(Connection connection) throws SQLException {
        try (var delete = connection.prepareStatement(
                "DELETE FROM outbox WHERE tenant_id = ? AND item_id = ANY (?) AND claim = ?")) {
            delete.setString(1, tenant.value());
            delete.setArray(2, ids(connection));
            delete.setObject(3, token);
            if (delete.executeUpdate() != items.size()) {
                throw new ClaimLostException(this);
            }
        }
    }

    /** The same claim on some of it: for who does it in several transactions. */
    public Claim of(List<Item> some) {
        return new Claim(tenant, queue, token, some);
    }

    java.sql.Array ids(Connection connection) throws SQLException {
        return connection.createArrayOf("bigint", items.stream().map(Item::id).toArray());
    }
}
