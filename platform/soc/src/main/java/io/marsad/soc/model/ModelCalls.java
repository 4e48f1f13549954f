package io.marsad.soc.model;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger of what the caller's tenant had models asked. Thread-safe. */
public final class ModelCalls {
    private static final int LONGEST_REPLY = 2_000;

    private final Database database;

    public ModelCalls(Database database) {
        this.database = database;
    }

    /**
     * One question, and what came of it.
     *
     * @param outcome {@code asked} while it is under way, or when the platform died then
     * @param reply as it came, cut; or why there is none
     */
    public record Call(
            EventId id,
            EventId alert,
            String model,
            String promptVersion,
            String promptHash,
            Instant asked,
            @Nullable Instant answered,
            String outcome,
            int tokens,
            @Nullable String reply) {}

    /**
     * Newest first.
     *
     * @param before only those before this one; null: from the newest
     * @param outcome only those; null: all
     */
    public List<Call> list(@Nullable EventId before, @Nullable String outcome, int most) {
        var tenant = CallerScope.tenant();
        return database.inCallerTenant(connection -> {
            var calls = new ArrayList<Call>();
            try (var select =
                    connection.prepareStatement("SELECT call_id, alert_id, model, prompt_version, prompt_hash,"
                            + " asked_at, answered_at, outcome, tokens, left(reply, " + LONGEST_REPLY
                            + ") FROM model_calls"
                            + " WHERE tenant_id = ? AND (?::uuid IS NULL OR call_id < ?::uuid)"
                            + " AND (?::text IS NULL OR outcome = ?) ORDER BY call_id DESC LIMIT ?")) {
                @Nullable UUID from = before == null ? null : before.uuid();
                select.setString(1, tenant.value());
                select.setObject(2, from);
                select.setObject(3, from);
                select.setString(4, outcome);
                select.setString(5, outcome);
                select.setInt(6, most);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        @Nullable Timestamp answered = rows.getTimestamp(7);
                        calls.add(new Call(
                                EventId.parse(rows.getString(1)),
                                EventId.parse(rows.getString(2)),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getTimestamp(6).toInstant(),
                                answered == null ? null : answered.toInstant(),
                                rows.getString(8),
                                rows.getInt(9),
                                rows.getString(10)));
                    }
                }
            }
            return calls;
        });
    }
}
