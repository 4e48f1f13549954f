package io.marsad.api;

import io.marsad.kernel.tenant.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tenant has of intelligence: its word in every text. */
final class OwnIntel {
    private static final String INDICATOR = "{\"type\":\"domain\",\"value\":\"%s.example\",\"source\":\"%s\","
            + "\"description\":\"%s\",\"tags\":[\"%s\"]}";
    private static final String SOURCE = "{\"enabled\":true,\"per_minute\":10,\"per_day\":100,\"key\":\"%s\"}";
    private static final String FEED =
            "{\"name\":\"@%s\",\"url\":\"" + TestIntel.address("/%s") + "\",\"format\":\"list\",\"minutes\":60}";

    private OwnIntel() {}

    static Map<String, List<String>> things(Belongings own, TestNode node, TestNode.Tenant tenant, String word)
            throws Exception {
        var ids = new LinkedHashMap<String, List<String>>();
        ids.put("indicators", own.two("/v1/indicators", INDICATOR));
        ids.put("intel-feeds", own.two("/v1/intel-feeds", FEED.replace("@", "")));
        node.send(tenant.byToken(), "PUT", "/v1/intel-sources/virustotal", SOURCE.formatted(word));
        node.database.inTenant(tenant.id(), connection -> {
            var said = "WITH failed AS (UPDATE intel_sources SET failure = ? WHERE tenant_id = ?),"
                    + " feeds AS (UPDATE intel_feeds SET failure = ?, etag = ?, last_modified = ?, faults = ARRAY[?])"
                    + " INSERT INTO indicator_sightings SELECT tenant_id, indicator_id, indicator_id, now(), ?, ?"
                    + " FROM indicators WHERE tenant_id = ?";
            try (var insert = connection.prepareStatement(said)) {
                insert.setString(1, word);
                insert.setString(2, tenant.id().value());
                for (int i = 3; i < 9; i++) {
                    insert.setString(i, word);
                }
                insert.setString(9, tenant.id().value());
                insert.executeUpdate();
            }
            return answer(connection, tenant.id(), word);
        });
        return ids;
    }

    private static int answer(java.sql.Connection connection, TenantId tenant, String word)
            throws java.sql.SQLException {
        var answer = "INSERT INTO intel_answers VALUES (?, gen_random_uuid(), 'virustotal', ?, ?, now(), now())";
        try (var insert = connection.prepareStatement(answer)) {
            insert.setString(1, tenant.value());
            insert.setString(2, word);
            insert.setString(3, word);
            return insert.executeUpdate();
        }
    }

    static String body(String operation, String word) {
        return switch (operation) {
            case "putIndicator" -> INDICATOR.replace("%s", word);
            case "importIndicators" -> "{\"format\":\"list\",\"source\":\"" + word + "\",\"text\":\"192.0.2.77\"}";
            case "updateIndicator" -> "{\"confidence\":10,\"version\":1}";
            case "updateIntelSource" -> SOURCE.formatted(word);
            case "createIntelFeed" -> FEED.replace("@", "new ").replace("%s", word);
            case "updateIntelFeed" ->
                FEED.replace("@", "changed ").replace("%s", word).replace("}", ",\"version\":1}");
            default -> throw new IllegalArgumentException(operation);
        };
    }
}
