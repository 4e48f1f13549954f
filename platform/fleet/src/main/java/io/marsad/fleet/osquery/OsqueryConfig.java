package io.marsad.fleet.osquery;

import io.marsad.fleet.osquery.QueryPack.Limits;
import io.marsad.fleet.osquery.QueryPack.Query;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What osqueryd is told: the options that all have, and packs. Stateless. */
final class OsqueryConfig {
    private static final JsonMapper JSON = new JsonMapper();

    private OsqueryConfig() {}

    /** As osquery reads it; the same packs in the same order give the same text. */
    static ObjectNode of(Collection<QueryPack> packs) {
        var config = JSON.createObjectNode();
        config.putObject("options")
                .put("logger_tls_period", 10)
                .put("logger_tls_max_lines", 1024)
                .put("schedule_splay_percent", 10)
                .put("disable_events", false);
        config.putObject("decorators")
                .putArray("load")
                .add("SELECT hostname AS host_name, uuid AS hardware_uuid FROM system_info");
        var all = config.putObject("packs");
        var watched = new LinkedHashMap<String, Set<String>>();
        var excluded = new LinkedHashMap<String, Set<String>>();
        for (var pack : packs) {
            pack(all.putObject(pack.name()), pack);
            gather(pack.filePaths(), watched);
            gather(pack.excludePaths(), excluded);
        }
        put(config, "file_paths", watched);
        put(config, "exclude_paths", excluded);
        return config;
    }

    private static void pack(ObjectNode to, QueryPack pack) {
        limits(to, pack.limits());
        if (!pack.discovery().isEmpty()) {
            var discovery = to.putArray("discovery");
            pack.discovery().forEach(discovery::add);
        }
        var queries = to.putObject("queries");
        pack.queries().forEach(query -> query(queries.putObject(query.name()), query));
    }

    private static void query(ObjectNode to, Query query) {
        to.put("query", query.sql()).put("interval", query.interval());
        if (query.removed() != null) {
            to.put("removed", query.removed());
        }
        if (query.snapshot()) {
            to.put("snapshot", true);
        }
        if (query.denylist() != null) {
            to.put("denylist", query.denylist());
        }
        limits(to, query.limits());
    }

    private static void limits(ObjectNode to, Limits limits) {
        if (!limits.platform().isEmpty()) {
            to.put("platform", limits.platform());
        }
        if (!limits.version().isEmpty()) {
            to.put("version", limits.version());
        }
        if (limits.shard() != null) {
            to.put("shard", limits.shard());
        }
    }

    private static void gather(Map<String, List<String>> from, Map<String, Set<String>> to) {
        from.forEach((category, paths) ->
                to.computeIfAbsent(category, _ -> new LinkedHashSet<>()).addAll(paths));
    }

    private static void put(ObjectNode config, String key, Map<String, Set<String>> patterns) {
        if (!patterns.isEmpty()) {
            var node = config.putObject(key);
            patterns.forEach((category, paths) -> {
                var array = node.putArray(category);
                paths.forEach(array::add);
            });
        }
    }
}
