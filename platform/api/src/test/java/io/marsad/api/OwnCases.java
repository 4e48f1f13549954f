package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.contract.Operation;
import io.marsad.api.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tenant's cases, in all of which a word stands wherever one can. */
final class OwnCases {
    static final String LOOKING = "{\"tab\":\"1\",\"state\":\"looking\"}";

    private OwnCases() {}

    /** Makes two, and the ids by which they and what is in them are known. */
    static Map<String, List<String>> things(Belongings own, List<String> alerts, String event) throws Exception {
        var word = own.word();
        var cases = List.of(open(own, alerts.get(0)), open(own, alerts.get(1)));
        var path = "/v1/cases/" + cases.getFirst();
        var me = own.tenant().id() + "-token";
        var edit = "{\"assignee\":\"" + me + "\"}";
        assertThat(own.node().send(own.tenant().byToken(), "PATCH", path, edit).statusCode())
                .isEqualTo(200);
        own.send(path + "/comments", "{\"comment\":\"" + word + "\"}");
        own.send(path + "/tasks", "{\"title\":\"" + word + "\",\"assignee\":\"" + me + "\"}");
        own.send(path + "/observables", observable(word));
        own.send(path + "/evidence", evidence(word));
        var answer = own.node().send(own.tenant().byToken(), "GET", path, "");
        var task = Json.tree(answer.body()).get("tasks").get(0).get("id").stringValue();
        var done = "{\"task\":\"" + task + "\",\"done\":true}";
        own.node().send(own.tenant().byToken(), "PUT", path + "/tasks", done);
        grouped(own, alerts);
        named(own, cases.getFirst());
        var ids = new LinkedHashMap<String, List<String>>();
        ids.put("cases", cases);
        ids.put("case-tasks", List.of(task));
        return ids;
    }

    /** What somebody finds in their inbox, and where they want it. */
    private static void named(Belongings own, String kase) {
        own.node().database.inTenant(own.tenant().id(), connection -> {
            var entry =
                    "INSERT INTO inbox SELECT tenant_id, user_id, uuidv7(), now(), 'assigned', 'case', ?::uuid, 1, 1,"
                            + " ?, ? FROM users WHERE tenant_id = ?";
            try (var insert = connection.prepareStatement(entry)) {
                insert.setString(1, kase);
                insert.setString(2, own.word());
                insert.setString(3, own.word());
                insert.setString(4, own.tenant().id().value());
                insert.executeUpdate();
            }
            var setting =
                    "INSERT INTO inbox_settings SELECT tenant_id, user_id, false, ? FROM users WHERE tenant_id = ?";
            try (var insert = connection.prepareStatement(setting)) {
                insert.setString(1, own.word() + "@example.org");
                insert.setString(2, own.tenant().id().value());
                return insert.executeUpdate();
            }
        });
    }

    /** What grouping keeps of alerts. */
    private static void grouped(Belongings own, List<String> alerts) {
        own.node().database.inTenant(own.tenant().id(), connection -> {
            var edge = "INSERT INTO case_edges VALUES (?, ?::uuid, ?::uuid, 0.8, true, ?, ?::jsonb)";
            try (var insert = connection.prepareStatement(edge)) {
                insert.setString(1, own.tenant().id().value());
                insert.setString(2, alerts.get(0));
                insert.setString(3, alerts.get(1));
                insert.setString(4, "Both name " + own.word());
                insert.setString(5, "[{\"type\":\"host\",\"name\":\"" + own.word() + "\"}]");
                insert.executeUpdate();
            }
            try (var insert = connection.prepareStatement("INSERT INTO case_keys VALUES (?, ?, now(), ?::uuid)")) {
                insert.setString(1, own.tenant().id().value());
                insert.setString(2, "host/name:" + own.word());
                insert.setString(3, alerts.get(0));
                return insert.executeUpdate();
            }
        });
    }

    private static String open(Belongings own, String alert) throws Exception {
        return own.make("/v1/cases", content(own.word(), alert));
    }

    private static String content(String word, String alert) {
        return "{\"title\":\"" + word + "\",\"severity\":\"high\",\"alerts\":[\"" + alert + "\"]}";
    }

    private static String observable(String word) {
        return "{\"type\":\"host\",\"value\":\"" + word + "\",\"note\":\"" + word + "\"}";
    }

    private static String evidence(String word) {
        return "{\"name\":\"" + word + "\",\"media_type\":\"text/" + word + "\",\"note\":\"" + word
                + "\",\"content\":\"a2FuYXJpZW52b2dlbA==\"}";
    }

    static boolean knows(Operation operation) {
        return operation.path().startsWith("/v1/cases");
    }

    /** In the order of the contract each follows from those before. */
    static String body(Operation operation, Belongings own) {
        var word = own.word();
        var third = own.of("alerts").get(2);
        return switch (operation.id()) {
            case "openCase" -> content(word, third);
            case "updateCase" -> "{\"title\":\"" + word + "\"}";
            case "transitionCase" -> "{\"to\":\"investigating\"}";
            case "commentCase", "undoCase" -> "{\"comment\":\"" + word + "\"}";
            case "addCaseTask" -> "{\"title\":\"" + word + "\"}";
            case "finishCaseTask" -> "{\"task\":\"" + own.of("case-tasks").getFirst() + "\",\"done\":false}";
            case "addCaseObservable" -> observable(word);
            case "linkCaseAlerts" -> "{\"add\":[\"" + third + "\"]}";
            case "mergeCases" -> "{\"cases\":[\"" + own.of("cases").getLast() + "\"]}";
            case "splitCase" -> "{\"alerts\":[\"" + third + "\"]}";
            case "addCaseEvidence" -> evidence(word);
            case "changeCaseTargets" ->
                "{\"targets\":[{\"severity\":\"low\",\"goal\":\"contain\",\"seconds\":172800}]}";
            case "lookAtCase" -> LOOKING;
            case "exportCaseEvidence" -> "{\"reason\":\"" + word + "\"}";
            default -> "";
        };
    }
}
