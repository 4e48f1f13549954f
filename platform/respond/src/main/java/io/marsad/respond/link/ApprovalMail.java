package io.marsad.respond.link;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.ActionView;
import io.marsad.respond.service.Actions;
import io.marsad.soc.identity.Persons;
import io.marsad.soc.notify.PersonalMail;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes to those who may agree to what waits and want to hear of it by e-mail, each with a link of their own. Once, unless
 * the platform dies between the server's answer and writing it down: then the same again, with the same Message-ID and link.
 * Thread-safe.
 */
public final class ApprovalMail implements ApprovalPrompts.Way {
    private final Database database;
    private final ApprovalLinks links;
    private final Actions actions;
    private final PersonalMail mail;
    private final InstantSource clock;

    public ApprovalMail(
            Database database, ApprovalLinks links, Actions actions, PersonalMail mail, InstantSource clock) {
        this.database = database;
        this.links = links;
        this.actions = actions;
        this.mail = mail;
        this.clock = clock;
    }

    /** What is still to be sent. */
    private record Due(String address, UUID link, UUID person, ActionView action, PersonalMail.Letter letter) {}

    @Override
    public void tell(TenantId tenant, List<UUID> waiting) throws IOException {
        List<Due> all = database.inTenant(tenant, connection -> due(connection, tenant, waiting));
        IOException refused = null;
        for (var one : all) {
            try {
                if (mail.send(tenant, one.letter)) {
                    sent(tenant, one);
                }
            } catch (IOException e) { // somebody's address holds up nobody else
                refused = refused == null ? e : refused;
            }
        }
        if (refused != null) {
            throw refused; // what was sent is written down; the rest is tried again
        }
    }

    private List<Due> due(Connection connection, TenantId tenant, List<UUID> waiting) throws SQLException {
        var all = new ArrayList<Due>();
        var addresses = addresses(connection, tenant);
        if (addresses.isEmpty()) {
            return all;
        }
        var turn = new Turn(connection, tenant, now());
        for (var person : Persons.find(connection, tenant, List.copyOf(addresses.keySet()))) {
            for (var id : waiting) {
                var action = person.caller().may("actions:read") ? actions.seenBy(turn, person.caller(), id) : null;
                var made = action != null && action.may().approve()
                        ? links.make(connection, tenant, action, person.id())
                        : null;
                if (action != null && made != null && !made.sent()) {
                    var address = addresses.getOrDefault(person.id(), "");
                    all.add(new Due(address, made.id(), person.id(), action, letter(address, made, action)));
                }
            }
        }
        return all;
    }

    private PersonalMail.Letter letter(String address, ApprovalLinks.Made made, ActionView action) {
        URI origin = mail.origin();
        var link = origin == null ? null : origin.resolve("/approve/" + made.text());
        var text = ApprovalText.of(action, link == null ? null : link.toString());
        return new PersonalMail.Letter("approval." + made.id(), address, ApprovalText.subject(action), text, now());
    }

    private void sent(TenantId tenant, Due due) {
        database.inTenant(tenant, connection -> {
            ApprovalLinks.sent(connection, tenant, due.link, now());
            var detail = AuditLog.detail(connection, "person", "user:" + due.person, "address", due.address);
            var object = "action:" + due.action.id();
            return AuditLog.append(
                    connection, tenant, new AuditLog.Entry(now(), "system:actions", "action.mail", object, detail));
        });
    }

    /** Of those who want it, by person. */
    private static Map<UUID, String> addresses(Connection connection, TenantId tenant) throws SQLException {
        var all = new LinkedHashMap<UUID, String>();
        try (var select = connection.prepareStatement(
                "SELECT user_id, address FROM inbox_settings WHERE tenant_id = ? AND approvals AND address <> ''")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.put(rows.getObject(1, UUID.class), rows.getString(2));
                }
            }
        }
        return all;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
