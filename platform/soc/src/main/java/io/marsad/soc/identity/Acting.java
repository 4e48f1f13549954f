package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider's people act in tenants that were delegated to them: by an explicit switch of their session, which then is of
 * that tenant and no other until they switch back. What they may is looked up on every request.
 *
 * <p>Thread-safe.
 */
public final class Acting {
    /**
     * Of a row of a session {@code s} and its user {@code u}, in a transaction of the provider: it sees what was delegated to
     * its own people.
     */
    static final String COLUMNS = """
            s.acting_tenant, s.acting_name, ARRAY(SELECT d.role FROM delegations d WHERE d.provider_id = s.tenant_id
                AND d.tenant_id = s.acting_tenant AND (d.provider_user = s.user_id OR d.provider_role = u.role))
                AS acting_roles""";

    private final Database database;
    private final InstantSource clock;

    Acting(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A tenant that somebody may act in. */
    public record Choice(TenantId tenant, String name, boolean active, List<String> roles) {}

    /** The session as its row has it: its holder's own tenant's, or another one's. */
    static Session of(Session session, ResultSet row) throws SQLException {
        var tenant = row.getString("acting_tenant");
        if (tenant == null) {
            return session;
        }
        var roles =
                row.getArray("acting_roles").getArray() instanceof String[] words ? List.of(words) : List.<String>of();
        var acting = new Session.InTenant(new TenantId(tenant), row.getString("acting_name"), roles.isEmpty());
        return session.in(acting, ActingRoles.permissions(roles));
    }

    /** Where the person may act, by id. */
    public List<Choice> choices(Session session) {
        var roles = new TreeMap<String, List<String>>();
        database.inTenant(session.tenant(), connection -> {
            try (var select = connection.prepareStatement("SELECT tenant_id, role FROM delegations"
                    + " WHERE provider_id = ? AND (provider_user = ? OR provider_role = ?) ORDER BY 1, 2")) {
                select.setString(1, session.tenant().value());
                select.setObject(2, session.userId());
                select.setString(3, session.role().word());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        roles.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>())
                                .add(rows.getString(2));
                    }
                }
            }
            return true;
        });
        return roles.isEmpty() ? List.of() : named(session.tenant(), roles);
    }

    private List<Choice> named(TenantId provider, TreeMap<String, List<String>> roles) {
        return database.inInstallation(connection -> {
            try (var select = connection.prepareStatement("SELECT tenant_id, name, state FROM tenants"
                    + " WHERE tenant_id = ANY (?) AND parent_id = ? AND state <> 'deleted' ORDER BY 1")) {
                select.setArray(
                        1, connection.createArrayOf("text", roles.keySet().toArray()));
                select.setString(2, provider.value());
                var choices = new ArrayList<Choice>();
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        var id = rows.getString(1);
                        choices.add(new Choice(
                                new TenantId(id),
                                rows.getString(2),
                                rows.getString(3).equals("active"),
                                roles.getOrDefault(id, List.of())));
                    }
                }
                return choices;
            }
        });
    }

    /**
     * From the next request on the session acts in the tenant.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404 when the person may not act there; 409 {@code viewing}
     */
    public void begin(Session session, String tenant) {
        if (session.view() != null) {
            throw Problem.conflict("viewing", "You look as somebody else: end that first.")
                    .asException();
        }
        if (session.secondFactorDue()) {
            throw Problem.forbidden("Add a second factor to your account first.")
                    .asException();
        }
        var choice = choices(session).stream()
                .filter(one -> one.active() && one.tenant().value().equals(tenant))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("There is no tenant with this id that you may act in.")
                        .asException());
        set(session, choice.tenant(), choice.name(), choice.tenant(), "delegation.begin");
    }

    /** From the next request on the session is its holder's own tenant's again. Nothing happens when it is. */
    public void end(Session session) {
        var acting = session.acting();
        if (acting != null) {
            set(session, null, null, acting.tenant(), "delegation.end");
        }
    }

    private void set(Session session, @Nullable TenantId to, @Nullable String name, TenantId about, String action) {
        database.inTenant(session.tenant(), connection -> {
            try (var update = connection.prepareStatement("UPDATE sessions SET acting_tenant = ?, acting_name = ?"
                    + " WHERE tenant_id = ? AND session_id = ?")) {
                update.setString(1, to == null ? null : to.value());
                update.setString(2, name);
                update.setString(3, session.tenant().value());
                update.setObject(4, session.id());
                update.executeUpdate();
            }
            return recorded(connection, session, about, action);
        });
    }

    private long recorded(Connection connection, Session session, TenantId about, String action) throws SQLException {
        var detail = AuditLog.detail(
                connection,
                "provider",
                session.tenant().value(),
                "session",
                session.id().toString());
        var entry = new AuditLog.Entry(clock.instant(), "user:" + session.userId(), action, "tenant:" + about, detail);
        AuditLog.appendBeside(connection, session.tenant(), about, entry);
        return AuditLog.append(connection, session.tenant(), entry);
    }
}
