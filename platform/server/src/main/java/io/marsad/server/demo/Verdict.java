package io.marsad.server.demo;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Compares what the demo planted with what the platform raised and stored.
 *
 * @param missed planted steps that no alert of their rule names as evidence
 * @param falseAlerts alerts with noise among their evidence, or alerts of nothing that was planted
 * @param rulesFired titles, sorted
 */
record Verdict(
        List<String> missed, List<String> falseAlerts, Set<String> rulesFired, int alerts, long lost, long duplicated) {
    boolean good() {
        return missed.isEmpty() && falseAlerts.isEmpty() && lost == 0 && duplicated == 0;
    }

    /**
     * @param ids the platform's id for each record of the scenario, in its order
     * @param ruleIds rule file → ids of the rules in it
     */
    static Verdict of(Scenario scenario, List<String> ids, Map<String, Set<String>> ruleIds, PlatformClient client)
            throws IOException, InterruptedException {
        Map<String, String> stepOf = new HashMap<>();
        Set<String> sent = new HashSet<>(ids);
        for (int i = 0; i < ids.size(); i++) {
            var step = scenario.records().get(i).step();
            if (step != null) {
                stepOf.put(ids.get(i), step);
            }
        }
        Map<String, Set<String>> caughtBy = new HashMap<>();
        Set<String> titles = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        var falseAlerts = new ArrayList<String>();
        int count = 0;
        for (JsonNode alert : alerts(client)) {
            var detail = client.get("/v1/alerts/" + alert.path("id").asString()).body();
            var rule = alert.path("rule_id").asString();
            boolean ours = false;
            var evidence = new ArrayList<String>();
            for (JsonNode item : detail.path("evidence")) {
                var event = item.path("event_id").asString();
                ours |= sent.contains(event);
                evidence.add(event);
                var step = stepOf.get(event);
                if (step != null) {
                    caughtBy.computeIfAbsent(step, s -> new HashSet<>()).add(rule);
                }
            }
            if (!ours) {
                continue; // of the machine that the platform watches, not of the demo
            }
            count++;
            titles.add(alert.path("title").asString());
            if (!stepOf.keySet().containsAll(evidence)) {
                falseAlerts.add(alert.path("title").asString() + " on " + evidence);
            }
            if (!seen.add(rule + evidence)) {
                falseAlerts.add("twice: " + alert.path("title").asString());
            }
        }
        var missed = new ArrayList<String>();
        for (Intrusion.Step step : scenario.steps()) {
            var wanted = ruleIds.getOrDefault(step.rule(), Set.of());
            if (caughtBy.getOrDefault(step.name(), Set.of()).stream().noneMatch(wanted::contains)) {
                missed.add(step.name() + " (" + step.rule() + ")");
            }
        }
        var stored = stored(client, sent);
        long lost = sent.stream().filter(id -> !stored.containsKey(id)).count();
        long duplicated = stored.values().stream().filter(times -> times > 1).count();
        return new Verdict(missed, falseAlerts, titles, count, lost, duplicated);
    }

    private static List<JsonNode> alerts(PlatformClient client) throws IOException, InterruptedException {
        var all = new ArrayList<JsonNode>();
        String cursor = "";
        do {
            var page = client.get("/v1/alerts?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .body();
            page.path("alerts").forEach(all::add);
            cursor = page.path("next").asString("");
        } while (!cursor.isEmpty());
        return all;
    }

    /** How often each of the ids is found by search. */
    private static Map<String, Integer> stored(PlatformClient client, Set<String> sent)
            throws IOException, InterruptedException {
        Map<String, Integer> times = new HashMap<>();
        String cursor = "";
        do {
            var query = new HashMap<String, Object>(Map.of("query", "", "limit", 1000));
            if (!cursor.isEmpty()) {
                query.put("cursor", cursor);
            }
            var answer = client.post("/v1/events/search", query);
            if (!answer.ok()) {
                throw new IOException("searching the stored events: " + answer.problem());
            }
            for (JsonNode event : answer.body().path("events")) {
                var id = event.path("id").asString();
                if (sent.contains(id)) {
                    times.merge(id, 1, Integer::sum);
                }
            }
            cursor = answer.body().path("next").asString("");
        } while (!cursor.isEmpty());
        return times;
    }
}
