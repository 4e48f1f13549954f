package io.marsad.api;

import io.marsad.api.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Hosts of a tenant and what lets them in, with a word in all that they say. */
final class OwnEndpoints {
    private OwnEndpoints() {}

    static Map<String, List<String>> things(Belongings of) throws Exception {
        var word = of.word();
        var made = Json.tree(of.send("/v1/enroll-secrets", secret(word)).body());
        var other = of.make("/v1/enroll-secrets", secret(word + "2"));
        var keys = new ArrayList<String>();
        for (var more : List.of("", "2")) {
            var host = enroll(made.get("secret").stringValue(), word + more, word);
            var let = Json.tree(of.send("/v1/osquery/enroll", host).body());
            keys.add(let.get("node_key").stringValue());
        }
        var query = of.make("/v1/live-queries", query(word));
        of.send("/v1/osquery/distributed/write", answer(keys.getFirst(), query, 0, word));
        of.send("/v1/osquery/distributed/write", answer(keys.getLast(), query, 1, word));
        var page = of.node().send(of.tenant().byToken(), "GET", "/v1/endpoints", "");
        var endpoints = new ArrayList<String>();
        Json.tree(page.body())
                .get("endpoints")
                .forEach(one -> endpoints.add(one.get("id").stringValue()));
        return Map.of(
                "enroll-secrets", List.of(made.get("id").stringValue(), other),
                "endpoints", endpoints,
                "live-queries", List.of(query));
    }

    /** To all hosts. */
    static String query(String word) {
        return "{\"sql\":\"SELECT '" + word + "'\",\"discovery\":\"SELECT '" + word + "'\",\"targets\":{\"all\":true}}";
    }

    /** As osquery writes it. */
    static String answer(String key, String query, int status, String word) {
        return """
                {"node_key":"%s","queries":{"%s":[{"x":"%s"}]},"statuses":{"%s":%s},"messages":{"%s":"%s"},
                "stats":{"%s":{"wall_time_ms":7,"user_time":1,"system_time":1,"memory":1}}}""".formatted(key, query, word, query, status, query, word, query);
    }

    static String secret(String word) {
        return "{\"name\":\"" + word + "\",\"group\":\"" + word + "\"}";
    }

    /** Of nobody that is known. */
    static String body(String word) {
        return "{\"enroll_secret\":\"" + word + "\",\"node_key\":\"" + word + "\"}";
    }

    /** As osquery sends it. */
    static String enroll(String secret, String identifier, String word) {
        return """
                {"enroll_secret":"%s","host_identifier":"%s","platform_type":"9","host_details":{
                "os_version":{"name":"%s","version":"12","platform":"%s"},
                "osquery_info":{"version":"%s"},
                "system_info":{"hostname":"%s","uuid":"%s"},"platform_info":{"vendor":"x"}}}""".formatted(secret, identifier, word, word, word, word, word);
    }
}
