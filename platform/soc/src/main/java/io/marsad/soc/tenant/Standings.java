package io.marsad.soc.tenant;

import io.marsad.db.Database;
import io.marsad.db.Subscription;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the tenants stand: who may do nothing, and who may use how much. Kept in memory, because every request asks, and
 * read again when this process or another changed something.
 *
 * <p>Thread-safe.
 */
public final class Standings implements AutoCloseable {
    private static final String CHANNEL = "marsad_tenants";
    private static final Standing USUAL = new Standing(TenantState.ACTIVE, TenantQuota.NONE);

    private final Database database;
    private final TenantId own;
    private final Subscription subscription;

    /** Those that stand otherwise than usual. */
    private volatile Map<TenantId, Standing> special = Map.of();

    private record Standing(TenantState state, TenantQuota quota) {}

    /** @param own the installation's own tenant, whose people run it */
    public Standings(Database database, TenantId own) {
        this.database = database;
        this.own = own;
        refresh();
        this.subscription = database.listen(CHANNEL, _ -> refresh());
    }

    /** The installation's own tenant. */
    public TenantId own() {
        return own;
    }

    /** Whether it is neither suspended nor deleted. */
    public boolean isActive(TenantId tenant) {
        return special.getOrDefault(tenant, USUAL).state == TenantState.ACTIVE;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 403 {@code tenant-suspended} when it is not active */
    public void requireActive(TenantId tenant) {
        if (!isActive(tenant)) {
            throw new Problem(
                            "tenant-suspended",
                            403,
                            "Forbidden",
                            "Your organisation is suspended here: ask who runs this installation. Its data is kept.",
                            List.of())
                    .asException();
        }
    }

    public TenantQuota quota(TenantId tenant) {
        return special.getOrDefault(tenant, USUAL).quota;
    }

    /** Whether no tenant is limited or suspended. */
    public boolean isUsual() {
        return special.isEmpty();
    }

    /** Reads it again. */
    void refresh() {
        special = database.inInstallation(connection -> {
            var read = new HashMap<TenantId, Standing>();
            try (var select = connection.prepareStatement("SELECT t.tenant_id, t.state, " + TenantQuota.COLUMNS
                            + " FROM tenants t LEFT JOIN tenant_quotas q ON q.tenant_id = t.tenant_id"
                            + " WHERE t.state <> 'active' OR q.tenant_id IS NOT NULL");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    var standing = new Standing(TenantState.ofWord(rows.getString("state")), TenantQuota.read(rows));
                    read.put(new TenantId(rows.getString("tenant_id")), standing);
                }
            }
            return Map.copyOf(read);
        });
    }

    /** Has all processes read it again once the transaction is committed. */
    static void changed(Connection connection) throws SQLException {
        try (var notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', '')")) {
            notify.executeQuery().close();
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
