package io.marsad.api;

import java.util.List;

/** What a tenant has of its rules, with a word in all of it. */
final class OwnRules {
    private OwnRules() {}

    /** @return the ids of acts on rules */
    static List<String> things(Belongings of, TestNode node) throws Exception {
        var tenant = of.tenant().id();
        var word = of.word();
        var path = "/v1/rules/" + TestNode.RULE + "/stage";
        node.send(of.tenant().byToken(), "PUT", path, body("setRuleStage", word).replace("1}", "0}"));
        node.database.inTenant(tenant, connection -> {
            var shadowed = "WITH w AS (SELECT ? AS t, ? AS w), staged AS (INSERT INTO rule_stages"
                    + " SELECT t, w, 'shadow', w, w, now(), 1 FROM w)"
                    + ", day AS (INSERT INTO shadow_days SELECT t, w, current_date, 1 FROM w)"
                    + " INSERT INTO shadow_firings SELECT t, w, gen_random_uuid(), now(), w, w, w, ARRAY[w], ARRAY[w],"
                    + " gen_random_uuid() FROM w";
            try (var insert = connection.prepareStatement(shadowed)) {
                insert.setString(1, tenant.value());
                insert.setString(2, word);
                return insert.executeUpdate();
            }
        });
        var suppress = body("tuneRule", word);
        return List.of(of.make("/v1/tuning/acts", suppress), of.make("/v1/tuning/acts", suppress));
    }

    static String body(String operation, String word) {
        return switch (operation) {
            case "setRuleStage" -> "{\"stage\":\"shadow\",\"reason\":\"" + word + "\",\"version\":1}";
            case "previewTuning" ->
                "{\"rule_id\":\"rule-" + word + "\",\"act\":\"suppress\",\"entity\":\"" + word + "\"}";
            case "tuneRule" -> body("previewTuning", word).replace("}", ",\"reason\":\"" + word + "\"}");
            default -> throw new IllegalArgumentException(operation);
        };
    }
}
