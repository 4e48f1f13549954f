package io.marsad.soc.tenant;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Installation;
import io.marsad.soc.identity.RoleDraft;
import io.marsad.soc.identity.TenantStart;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes tenants: everything of one, or nothing, in one transaction. Thread-safe. */
final class Provisioning {
    private final Installation installation;
    private final Standings standings;
    private final TenantTemplates templates;

    Provisioning(Installation installation, Standings standings, TenantTemplates templates) {
        this.installation = installation;
        this.standings = standings;
        this.templates = templates;
    }

    /** What was made, and its first administrator with a password that is known here and now only. */
    TenantStart make(TenantId tenant, String name, NewTenant wanted) {
        var caller = CallerScope.current();
        var template = wanted.template() == null ? TenantTemplate.NONE : templates.require(wanted.template());
        var start = installation.prepare(template.roles(), template.secondFactor(), wanted.admin());
        var own = standings.own();
        installation.database().inInstallation(own, connection -> {
            insert(connection, tenant, name, start);
            if (!template.quota().isNone()) {
                template.quota().write(connection, tenant.value());
            }
            Database.turnTo(connection, tenant);
            start.write(connection, tenant, caller.subject());
            Database.turnTo(connection, own);
            var entry = new AuditLog.Entry(
                    start.at(),
                    caller.subject(),
                    "tenant.create",
                    "tenant:" + tenant,
                    AuditLog.detail(connection, facts(name, wanted.template(), template)));
            AuditLog.append(connection, own, entry);
            Standings.changed(connection);
            return tenant;
        });
        standings.refresh();
        return start;
    }

    private static void insert(Connection connection, TenantId tenant, String name, TenantStart start)
            throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO tenants (tenant_id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, tenant.value());
            insert.setString(2, name);
            insert.setTimestamp(3, Timestamp.from(start.at()));
            if (insert.executeUpdate() == 0) {
                throw Problem.conflict(
                                "tenant-exists", "There is, or was, a tenant with this id: ids are never used again.")
                        .asException();
            }
        }
    }

    private static String[] facts(String name, @Nullable String asked, TenantTemplate template) {
        if (asked == null) {
            return new String[] {"name", name};
        }
        return new String[] {
            "name",
            name,
            "template",
            template.name(),
            "quota",
            template.quota().toString(),
            "roles",
            template.roles().stream().map(RoleDraft::name).collect(Collectors.joining(" ")),
            "second_factor",
            String.join(" ", new TreeSet<>(template.secondFactor()))
        };
    }
}
