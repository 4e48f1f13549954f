package io.marsad.api;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A playbook of a tenant of the tests, with a run, what has happened to it, and an action that somebody agreed to. */
final class OwnPlaybooks {
    private static final String ROWS = """
            WITH of AS (SELECT ?::text AS tenant, ?::text AS word, ?::uuid AS id, now() AS at),
            playbook AS (INSERT INTO playbooks SELECT tenant, id, word, true, 'v1', at, at, word FROM of),
            version AS (INSERT INTO playbook_versions
                SELECT tenant, id, 'v1', at, word, true, 'user:x', at FROM of),
            run AS (INSERT INTO playbook_runs (tenant_id, run_id, playbook_id, version, status, reason, started_by,
                    about, depth, state, started_at)
                SELECT tenant, id, id, 'v1', 'failed', word, 'user:x', 'alert:' || id, 0,
                    jsonb_build_object('values', word), at FROM of),
            event AS (INSERT INTO playbook_events (tenant_id, run_id, event)
                SELECT tenant, id, jsonb_build_object('reason', word) FROM of),
            schedule AS (INSERT INTO playbook_schedules SELECT tenant, id, word, at FROM of),
            step AS (INSERT INTO playbook_steps
                SELECT tenant, id, 0, 1, 0, 'start--' || id, 'failed', word, jsonb_build_object('v', word), at FROM of),
            action AS (INSERT INTO actions (tenant_id, action_id, action, parameters, parameters_hash, target, radius,
                    consent, reasons, status, requested_by, requested_at, outcome, reason, about)
                SELECT tenant, id, 'block_ip', jsonb_build_object('ip', word), 'hash', word, 'medium', 'one_person',
                    ARRAY[word], 'failed', 'user:x', at, jsonb_build_object('outputs', word), word,
                    'alert:' || id FROM of)
            INSERT INTO action_approvals SELECT tenant, id, 'user:x', true, 'hash', word, at FROM of""";

    private static final String POLICY = "INSERT INTO response_policies VALUES (?, 'L1', ARRAY[?], ARRAY[?],"
            + " jsonb_build_array(jsonb_build_object('action', 'block_ip', 'target', ?::text)), 'user:x', now())";

    private OwnPlaybooks() {}

    /** Two of each; the ids are the same for all kinds. */
    static Map<String, List<String>> put(Database database, TenantId tenant, String word) {
        var ids = List.of(id(word + "1"), id(word + "2"));
        database.inTenant(tenant, connection -> {
            for (var id : ids) {
                try (var insert = connection.prepareStatement(ROWS)) {
                    insert.setString(1, tenant.value());
                    insert.setString(2, word);
                    insert.setObject(3, UUID.fromString(id));
                    insert.executeUpdate();
                }
            }
            try (var insert = connection.prepareStatement(POLICY)) {
                insert.setString(1, tenant.value());
                insert.setString(2, word);
                insert.setString(3, word);
                insert.setString(4, word);
                return insert.executeUpdate();
            }
        });
        return Map.of("playbooks", ids, "playbook-runs", ids, "actions", ids);
    }

    private static String id(String word) {
        return UUID.nameUUIDFromBytes(word.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
