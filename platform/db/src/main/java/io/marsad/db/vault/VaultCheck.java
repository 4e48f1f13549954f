package io.marsad.db.vault;

import io.marsad.db.vault.Keyring.State;
import io.marsad.db.vault.VaultUse.DataKeyUse;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Looks at the vault of all tenants: what there is, and whether all of it opens. Thread-safe. */
public final class VaultCheck {
    private static final int PAGE = 200;
    private static final int MOST_NAMED = 100;

    private final Vault vault;

    public VaultCheck(Vault vault) {
        this.vault = vault;
    }

    /**
     * What there is.
     *
     * @param keys where the master keys are
     * @param master the current master key's id
     * @param since when it became that
     * @param leaving ids of master keys that still encrypt something, or are just being taken out
     * @param oldDataKeys data keys that leave, or are encrypted by a master key that leaves
     * @param oldSecrets secrets encrypted by data keys that leave
     */
    public record Status(
            String keys,
            String master,
            Instant since,
            List<String> leaving,
            long tenants,
            long dataKeys,
            long secrets,
            long oldDataKeys,
            long oldSecrets) {}

    public Status status() {
        var known = vault.keyring().known();
        var current = known.entrySet().stream()
                .filter(one -> one.getValue().state() == State.CURRENT)
                .findFirst()
                .orElseThrow(() -> new VaultException("the database has no current key for secrets"));
        var leaving = known.entrySet().stream()
                .filter(one -> one.getValue().state() == State.LEAVING)
                .map(Map.Entry::getKey)
                .toList();
        var use = VaultUse.of(vault.database());
        var tenants = new HashSet<TenantId>();
        use.forEach(one -> tenants.add(one.tenant()));
        return new Status(
                vault.keyring().place(),
                current.getKey(),
                current.getValue().since(),
                leaving,
                tenants.size(),
                use.size(),
                use.stream().mapToLong(DataKeyUse::secrets).sum(),
                use.stream()
                        .filter(one -> !one.inUse() || !one.master().equals(current.getKey()))
                        .count(),
                use.stream()
                        .filter(one -> !one.inUse())
                        .mapToLong(DataKeyUse::secrets)
                        .sum());
    }

    /** A secret that does not open. */
    public record Bad(TenantId tenant, SecretName name, String reason) {}

    /**
     * Whether all secrets open.
     *
     * @param bad the first hundred that do not
     */
    public record Verification(long secrets, long failed, List<Bad> bad) {
        public boolean ok() {
            return failed == 0;
        }
    }

    /** Opens every secret there is, and wipes it at once. */
    public Verification verify() {
        var all = new Tally();
        VaultUse.of(vault.database()).stream()
                .map(DataKeyUse::tenant)
                .distinct()
                .forEach(tenant -> {
                    boolean more = true;
                    var kind = "";
                    var behind = "";
                    while (more) {
                        var of = kind;
                        var from = behind;
                        var names = vault.database().inTenant(tenant, connection -> page(connection, tenant, of, from));
                        names.forEach(name -> open(tenant, name, all));
                        more = names.size() == PAGE;
                        if (more) {
                            kind = names.getLast().kind();
                            behind = names.getLast().name();
                        }
                    }
                });
        return new Verification(all.secrets, all.failed, List.copyOf(all.bad));
    }

    private static final class Tally {
        private long secrets;
        private long failed;
        private final List<Bad> bad = new ArrayList<>();
    }

    private void open(TenantId tenant, SecretName name, Tally all) {
        all.secrets++;
        try {
            vault.database().<Boolean>inTenant(tenant, connection -> {
                try (var value = vault.read(connection, tenant, name)) {
                    return value != null;
                }
            });
        } catch (VaultException e) {
            all.failed++;
            if (all.bad.size() < MOST_NAMED) {
                all.bad.add(new Bad(tenant, name, String.valueOf(e.getMessage())));
            }
        }
    }

    private static List<SecretName> page(Connection connection, TenantId tenant, String kind, String behind)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT kind, name FROM vault_secrets WHERE tenant_id = ?"
                + " AND (kind, name) > (?, ?) ORDER BY kind, name LIMIT " + PAGE)) {
            select.setString(1, tenant.value());
            select.setString(2, kind);
            select.setString(3, behind);
            var names = new ArrayList<SecretName>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(new SecretName(rows.getString(1), rows.getString(2)));
                }
            }
            return names;
        }
    }
}
