package io.marsad.bench.store;

import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** The same events in OpenSearch, and the same questions. */
final class Theirs {
    private static final int BULK = 500;
    /** So long it may take until all is merged. */
    private static final int MOST_SECONDS = 900;

    private final OpenSearchNode node;
    private final Documents documents;
    private final EventStream stream;
    private final EventBatch batch = new EventBatch(Templates.TENANT);
    long refused;

    Theirs(OpenSearchNode node, Documents documents, EventStream stream) {
        this.node = node;
        this.documents = documents;
        this.stream = stream;
    }

    void prepare() throws IOException, InterruptedException {
        node.call(
                "PUT",
                "/_cluster/settings",
                Map.of("persistent", Map.of("cluster.routing.allocation.disk.threshold_enabled", false)));
    }

    /** Everything as it comes out of the box, but for a limit of fields that real logs need, and guessing of dates. */
    void createDefault(String index) throws IOException, InterruptedException {
        node.call(
                "PUT",
                "/" + index,
                Map.of("settings", settings(Map.of()), "mappings", Map.of("date_detection", false)));
    }

    /** Keywords only, a refresh every 30 seconds, the transaction log not synced for each request. */
    void createTuned(String index, Field address, boolean withRecord) throws IOException, InterruptedException {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("at", Map.of("type", "date"));
        properties.put(Documents.name(address), Map.of("type", "ip", "ignore_malformed", true));
        if (withRecord) {
            properties.put("message", Map.of("type", "text", "index_options", "docs", "norms", false));
        }
        var keywords = Map.of(
                "texts",
                Map.of("match_mapping_type", "string", "mapping", Map.of("type", "keyword", "ignore_above", 8000)));
        node.call(
                "PUT",
                "/" + index,
                Map.of(
                        "settings",
                        settings(Map.of(
                                "refresh_interval", "30s",
                                "translog.durability", "async",
                                "codec", "default")),
                        "mappings",
                        Map.of(
                                "date_detection",
                                false,
                                "dynamic_templates",
                                List.of(keywords),
                                "properties",
                                properties)));
    }

    private static Map<String, Object> settings(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("number_of_shards", 1);
        settings.put("number_of_replicas", 0);
        settings.put("mapping.total_fields.limit", 20_000);
        return Map.of("index", settings);
    }

    /**
     * Indexes events while the next request is being written.
     *
     * @param first number of the first
     * @return the node's CPU, the refresh at the end and the merges that were begun included
     */
    ProcessCpu.Each fill(String index, long first, int events, boolean withRecord, Progress progress)
            throws IOException, InterruptedException {
        var before = ProcessCpu.of(node.process());
        try (var writer = Executors.newSingleThreadExecutor()) {
            var next = writer.submit(() -> body(first, Math.min(BULK, events), withRecord));
            for (int done = 0; done < events; done += BULK) {
                var body = get(next);
                int from = done + BULK;
                if (from < events) {
                    next = writer.submit(() -> body(first + from, Math.min(BULK, events - from), withRecord));
                }
                send(index, body);
                progress.done(Math.min(from, events), events);
            }
        }
        node.call("POST", "/" + index + "/_refresh", Map.of());
        merged(index);
        return ProcessCpu.of(node.process()).since(before, 0, events);
    }

    private String body(long first, int count, boolean withRecord) {
        batch.clear();
        stream.fill(batch, first, count);
        return documents.bulk(batch, withRecord);
    }

    private static String get(Future<String> body) throws IOException, InterruptedException {
        try {
            return body.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void send(String index, String body) throws IOException, InterruptedException {
        var answer = node.call("POST", "/" + index + "/_bulk?filter_path=errors,items.*.error.reason", body);
        if (answer.path("errors").asBoolean()) {
            for (JsonNode item : answer.path("items")) {
                refused += item.path("create").has("error") ? 1 : 0;
            }
        }
    }

    void delete(String index) throws IOException, InterruptedException {
        node.call("DELETE", "/" + index, null);
    }

    /** Waits until nothing is merged any more: that would count as the cost of a question. */
    void settle(String index) throws IOException, InterruptedException {
        node.call("POST", "/" + index + "/_flush?force=true&wait_if_ongoing=true", Map.of());
        merged(index);
    }

    private void merged(String index) throws IOException, InterruptedException {
        for (int i = 0; i < MOST_SECONDS; i++) {
            var merges = node.call("GET", "/" + index + "/_stats/merge", null)
                    .path("_all")
                    .path("primaries")
                    .path("merges");
            if (merges.path("current").asLong() == 0) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Bytes on disk, once written out. */
    long disk(String index) throws IOException, InterruptedException {
        node.call("POST", "/" + index + "/_flush?force=true&wait_if_ongoing=true", Map.of());
        return node.call("GET", "/" + index + "/_stats/store", null)
                .path("_all")
                .path("primaries")
                .path("store")
                .path("size_in_bytes")
                .asLong();
    }

    /** Asks so often that the process's clock, which has steps of 10 ms, tells something; milliseconds of CPU for one. */
    double cpu(String index, Question question, Ours.Span span) throws IOException, InterruptedException {
        var before = node.cpu();
        int asked = 0;
        double spent = 0;
        while (asked < 5 || spent < Ours.ROUND_MS && asked < Ours.MOST_ASKED) {
            ask(index, question, span);
            asked++;
            spent = node.cpu().minus(before).toNanos() / 1e6;
        }
        return spent / asked;
    }

    /** What the answer is, in short, as {@link Ours#ask} says it. */
    String ask(String index, Question question, Ours.Span span) throws IOException, InterruptedException {
        return switch (question.kind()) {
            case COUNT ->
                node.call("POST", "/" + index + "/_count", Map.of("query", question.theirs()))
                        .path("count")
                        .asString();
            case NEWEST -> newest(index, question, span);
            case TERMS -> terms(index, question);
            case HISTOGRAM -> histogram(index, span);
        };
    }

    private String newest(String index, Question question, Ours.Span span) throws IOException, InterruptedException {
        var range = Map.of("range", Map.of("at", Map.of("gte", span.middle(), "lt", span.to())));
        var answer = search(
                index,
                Map.of(
                        "size",
                        100,
                        "track_total_hits",
                        false,
                        "sort",
                        List.of(Map.of("at", "desc")),
                        "query",
                        Map.of("bool", Map.of("filter", List.of(question.theirs(), range)))));
        var hits = answer.path("hits").path("hits");
        return hits.size() + " to "
                + hits.path(hits.size() - 1).path("sort").path(0).asString();
    }

    private String terms(String index, Question question) throws IOException, InterruptedException {
        var field = Documents.name(question.of().getFirst());
        var answer = search(
                index, Map.of("size", 0, "aggs", Map.of("top", Map.of("terms", Map.of("field", field, "size", 10)))));
        var counts = new StringBuilder();
        answer.path("aggregations")
                .path("top")
                .path("buckets")
                .forEach(bucket ->
                        counts.append(bucket.path("doc_count").asString()).append(' '));
        return counts.toString().strip();
    }

    private String histogram(String index, Ours.Span span) throws IOException, InterruptedException {
        var answer = search(
                index,
                Map.of(
                        "size",
                        0,
                        "aggs",
                        Map.of(
                                "time",
                                Map.of(
                                        "date_histogram",
                                        Map.of(
                                                "field", "at",
                                                "fixed_interval", span.bucket() + "ms",
                                                "offset", span.from() % span.bucket() + "ms")))));
        long sum = 0;
        int buckets = 0;
        for (JsonNode bucket : answer.path("aggregations").path("time").path("buckets")) {
            sum += bucket.path("doc_count").asLong();
            buckets++;
        }
        return sum + " in " + buckets;
    }

    private JsonNode search(String index, Map<String, Object> body) throws IOException, InterruptedException {
        return node.call("POST", "/" + index + "/_search?request_cache=false", body);
    }
}
