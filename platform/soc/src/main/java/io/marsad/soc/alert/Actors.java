package io.marsad.soc.alert;

import io.marsad.kernel.tenant.Caller;
import java.sql.Connection;
import java.sql.SQLException;

/** Who acts, by name. */
public final class Actors {
    private Actors() {}

    /** What people call the caller. */
    public static String name(Connection connection, Caller caller) throws SQLException {
        var subject = caller.subject();
        boolean user = subject.startsWith("user:");
        if (!user && !subject.startsWith("token:")) {
            return subject;
        }
        try (var select = connection.prepareStatement(
                user
                        ? "SELECT username FROM users WHERE tenant_id = ? AND user_id = ?::uuid"
                        : "SELECT name FROM api_tokens WHERE tenant_id = ? AND token_id = ?::uuid")) {
            select.setString(1, caller.tenant().value());
            select.setString(2, subject.substring(subject.indexOf(':') + 1));
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : subject;
            }
        }
    }
}
