package io.marsad.bench.sigma;

import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.Hits;
import io.marsad.match.MatcherCompiler;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same rules and events given to OpenSearch's percolator, which is how search engines match rules in a stream: CPU
 * time of the node's whole process against CPU time of a matcher's thread, after both have warmed up.
 */
final class Percolator {
    private static final int RULES = 1000;
    private static final int AT_ONCE = 50;
    private static final JsonMapper JSON = new JsonMapper();

    private final OpenSearchNode node;
    private final Set<Field> fields = new HashSet<>();
    private final List<SigmaRule> rules = new ArrayList<>();
    private final List<Map<String, Object>> queries = new ArrayList<>();

    private Percolator(OpenSearchNode node) {
        this.node = node;
    }

    /**
     * What was measured.
     *
     * @param theirs CPU microseconds an event
     * @param ours the same
     * @param different events for which not the same rules were found
     */
    record Result(int rules, int events, double theirs, double ours, int different) {
        /** Events per CPU second, ours by theirs. */
        double ratio() {
            return theirs / ours;
        }
    }

    /** @throws IOException when the node cannot be started or refuses something; then there is no figure */
    static Result measure(Path libraries, List<SigmaRule> rules, List<EventBatch> events, int most)
            throws IOException, InterruptedException {
        try (var node = OpenSearchNode.start(libraries)) {
            var percolator = new Percolator(node);
            percolator.choose(rules);
            percolator.index();
            return percolator.compare(sample(events, most));
        }
    }

    private void choose(List<SigmaRule> from) {
        var source = LogSource.of("windows", "process_creation", null);
        for (SigmaRule rule : from) {
            var asked = new HashSet<Field>();
            var query = PercolatorQuery.of(rule.predicate(), asked);
            if (query != null && rule.logSource().equals(source) && rules.size() < RULES) {
                rules.add(rule);
                queries.add(query);
                fields.addAll(asked);
            }
        }
    }

    private void index() throws IOException, InterruptedException {
        node.call(
                "PUT",
                "/_cluster/settings",
                Map.of("persistent", Map.of("cluster.routing.allocation.disk.threshold_enabled", false)));
        var properties = new LinkedHashMap<String, Object>();
        fields.forEach(f -> properties.put(PercolatorQuery.name(f), Map.of("type", "keyword", "ignore_above", 8000)));
        properties.put("query", Map.of("type", "percolator"));
        node.call(
                "PUT",
                "/rules",
                Map.of(
                        "settings",
                        Map.of("number_of_shards", 1, "number_of_replicas", 0),
                        "mappings",
                        Map.of("dynamic", false, "properties", properties)));
        for (int from = 0; from < rules.size(); from += AT_ONCE) {
            var bulk = new StringBuilder();
            for (int i = from; i < Math.min(rules.size(), from + AT_ONCE); i++) {
                bulk.append("{\"create\":{\"_id\":\"" + i + "\"}}\n");
                bulk.append(JSON.writeValueAsString(Map.of("query", queries.get(i))))
                        .append('\n');
            }
            var answer = node.call("POST", "/rules/_bulk?filter_path=errors,items.*.error", bulk.toString());
            if (answer.path("errors").asBoolean()) {
                throw new IOException(
                        "OpenSearch refused a rule: " + answer.toString().substring(0, 300));
            }
        }
        node.call("POST", "/rules/_forcemerge?max_num_segments=1", Map.of());
        node.call("POST", "/rules/_refresh", Map.of());
    }

    /** Events from all over the stream. */
    private static EventBatch sample(List<EventBatch> events, int most) {
        var sample = new EventBatch(new TenantId("bench"));
        int step = Math.max(1, Workload.count(events) / most);
        int at = 0;
        for (EventBatch batch : events) {
            for (int row = 0; row < batch.rows(); row++) {
                if (at++ % step == 0 && sample.rows() < most) {
                    sample.copyRow(batch, row);
                }
            }
        }
        return sample;
    }

    private Result compare(EventBatch events) throws IOException, InterruptedException {
        var compiler = new MatcherCompiler();
        rules.forEach(r -> compiler.add(r.logSource(), r.predicate()));
        var matcher = compiler.compile();
        var hits = new Hits();
        Meter.Engine engine = (batch, row) -> {
            matcher.match(batch, row, hits);
            return hits.size();
        };
        double ours = Double.MAX_VALUE;
        for (int round = 0; round < 200; round++) {
            ours = Math.min(ours, Meter.pass(engine, List.of(events)));
        }
        percolate(events);
        var before = node.cpu();
        var found = percolate(events);
        double theirs = node.cpu().minus(before).toNanos() / 1e3 / events.rows();
        int different = 0;
        for (int row = 0; row < events.rows(); row++) {
            matcher.match(events, row, hits);
            var expected = new HashSet<Integer>();
            for (int hit : hits.toArray()) {
                expected.add(hit);
            }
            different += expected.equals(found.get(row)) ? 0 : 1;
        }
        return new Result(rules.size(), events.rows(), theirs, ours, different);
    }

    /** The rules found, by event. */
    private List<Set<Integer>> percolate(EventBatch events) throws IOException, InterruptedException {
        var found = new ArrayList<Set<Integer>>();
        for (int from = 0; from < events.rows(); from += AT_ONCE) {
            var documents = new ArrayList<Object>();
            for (int row = from; row < Math.min(events.rows(), from + AT_ONCE); row++) {
                documents.add(PercolatorQuery.document(events, row, fields));
                found.add(new HashSet<>());
            }
            var answer = node.call(
                    "POST",
                    "/rules/_search?request_cache=false",
                    Map.of(
                            "size",
                            RULES,
                            "_source",
                            false,
                            "query",
                            Map.of("percolate", Map.of("field", "query", "documents", documents))));
            for (JsonNode hit : answer.path("hits").path("hits")) {
                for (JsonNode slot : hit.path("fields").path("_percolator_document_slot")) {
                    found.get(from + slot.asInt())
                            .add(Integer.parseInt(hit.path("_id").asString()));
                }
            }
        }
        return found;
    }
}
