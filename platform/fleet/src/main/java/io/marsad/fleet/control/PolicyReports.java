package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.util.UUID;

/** What endpoints say of their policies and of themselves, kept with each. Thread-safe. */
public final class PolicyReports {
    private static final int LONGEST = 500;

    private final Database database;

    public PolicyReports(Database database) {
        this.database = database;
    }

    /**
     * What an endpoint says of a version, and of itself.
     *
     * @param refused why it is not in force; empty: it is
     * @param software version of the agent; empty: it does not say
     * @param notUpdated why it is not the one that its policy names; empty: it is, or that is on its way
     */
    public record Reported(long version, String refused, String software, String notUpdated) {}

    /** Keeps what an endpoint says. */
    public void keep(TenantId tenant, UUID endpoint, Reported said) {
        database.inTenant(tenant, connection -> {
            var set = said.refused.isEmpty() ? "policy_version = ?, policy_refused = ''" : "policy_refused = ?";
            try (var update = connection.prepareStatement("UPDATE endpoints SET " + set
                    + ", software = coalesce(nullif(?, ''), software), update_refused = ?"
                    + " WHERE tenant_id = ? AND endpoint_id = ?")) {
                if (said.refused.isEmpty()) {
                    update.setLong(1, said.version);
                } else {
                    update.setString(1, clean("version " + said.version + ": " + said.refused));
                }
                update.setString(2, clean(said.software));
                update.setString(3, clean(said.notUpdated));
                update.setString(4, tenant.value());
                update.setObject(5, endpoint);
                return update.executeUpdate();
            }
        });
    }

    private static String clean(String text) {
        var printable = text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return printable.toString().strip();
    }
}
