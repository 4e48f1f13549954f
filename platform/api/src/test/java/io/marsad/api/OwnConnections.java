package io.marsad.api;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A connection of a tenant of the tests, a key that signs, and how its playbook's action was carried out. */
final class OwnConnections {
    /** Where a test may have something answer. */
    static final String PRODUCT = "http://127.0.0.1:18743";

    private static final String ROWS = """
            WITH of AS (SELECT ?::text AS tenant, ?::text AS word, ?::uuid AS id, now() AS at),
            connection AS (INSERT INTO connections SELECT tenant, id, 'okta', word || id,
                jsonb_build_object('url', word), true, 'failing', word, at, at, at FROM of),
            call AS (INSERT INTO action_calls SELECT tenant, id, id, word,
                jsonb_build_object('ip', word), jsonb_build_object('rule', word), at FROM of),
            key AS (INSERT INTO action_keys SELECT tenant, 'key' || id, '\\x00'::bytea, at, at, at FROM of)
            UPDATE actions SET carried_by = word, envelope = word, envelope_key = 'key', envelope_hash = 'hash',
                verification = 'unable', verification_detail = word FROM of WHERE tenant_id = tenant AND action_id = id""";

    private OwnConnections() {}

    /** After {@link OwnPlaybooks#put} with the same word. */
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
            return true;
        });
        return Map.of("connections", ids);
    }

    /** Nothing of it leaves: secrets are missing, or it is simulated. */
    static String body(String operation, String word, String connection) {
        return switch (operation) {
            case "testConnector" -> "{\"config\":{\"url\":\"https://example.com\"},\"secrets\":{}}";
            case "executeConnector" ->
                "{\"connection\":\"" + connection
                        + "\",\"operation\":\"who_am_i\",\"parameters\":{},\"simulate\":true}";
            default ->
                "{\"connector\":\"okta\",\"name\":\"" + word + operation
                        + "\",\"config\":{\"url\":\"https://example.com\"},\"secrets\":{},\"enabled\":false}";
        };
    }

    private static String id(String word) {
        return UUID.nameUUIDFromBytes(word.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
