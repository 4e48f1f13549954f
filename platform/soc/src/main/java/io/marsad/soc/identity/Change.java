package io.marsad.soc.identity;

import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the audit keeps of a change: how it was and how it is. */
final class Change {
    private static final JsonMapper JSON = new JsonMapper();

    private Change() {}

    /** As JSON; what is null is left out. */
    static String detail(@Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        var detail = new LinkedHashMap<String, Object>();
        if (before != null) {
            detail.put("before", before);
        }
        if (after != null) {
            detail.put("after", after);
        }
        return JSON.writeValueAsString(detail);
    }

    /** Appends to the audit log of the caller's tenant, by the caller. */
    static void record(
            Connection connection,
            Instant at,
            String action,
            String object,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after)
            throws SQLException {
        var caller = CallerScope.current();
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(at, caller.subject(), action, object, detail(before, after)));
    }
}
