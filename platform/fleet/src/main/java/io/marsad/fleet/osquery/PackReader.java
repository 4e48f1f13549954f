package io.marsad.fleet.osquery;

import io.marsad.fleet.osquery.QueryPack.Limits;
import io.marsad.fleet.osquery.QueryPack.Query;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads packs: YAML, or osquery's own JSON, with osquery's own keys (queries, discovery, platform, version, shard, file_paths,
 * exclude_paths) and beside them title, description, attack and usual. Stateless.
 */
public final class PackReader {
    /** Characters of a pack, at most. */
    public static final int LONGEST = 256 << 10;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern QUERY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    private static final Pattern TECHNIQUE = Pattern.compile("T[0-9]{4}(\\.[0-9]{3})?");
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,4}){0,3}");
    private static final int MOST_QUERIES = 500;
    private static final int MOST_PATTERNS = 500;
    private static final int LONGEST_INTERVAL = 604_800; // osquery takes no more

    private final String name;
    private final List<PackFinding> findings = new ArrayList<>();
    private final QueryLint lint;

    private PackReader(String name) {
        this.name = name;
        this.lint = new QueryLint(name, findings);
    }

    /**
     * What was read.
     *
     * @param pack null when it is refused
     * @param findings all that can be said against it
     */
    public record Read(@Nullable QueryPack pack, List<PackFinding> findings) {
        public Read {
            findings = List.copyOf(findings);
        }
    }

    /** Whether a pack may be called so. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Never throws for what stands in it. */
    public static Read read(String name, String text) {
        var reader = new PackReader(name);
        QueryPack pack = null;
        try {
            if (text.length() > LONGEST) {
                throw new ContentException(name, 0, "longer than " + LONGEST + " characters");
            }
            var documents = YamlReader.read(name, text);
            if (documents.size() != 1) {
                throw new ContentException(name, 0, "one pack is expected");
            }
            pack = reader.pack(documents.getFirst().asMapping());
        } catch (ContentException e) {
            e.problems().forEach(one -> reader.findings.add(new PackFinding(true, one)));
        }
        boolean refused = reader.findings.stream().anyMatch(PackFinding::error);
        return new Read(refused ? null : pack, reader.findings);
    }

    private QueryPack pack(YamlNode.Mapping node) throws ContentException {
        node.allowOnly(
                "title",
                "description",
                "usual",
                "attack",
                "platform",
                "version",
                "shard",
                "discovery",
                "queries",
                "file_paths",
                "exclude_paths");
        if (!isName(name)) {
            fault(node, "a pack's name has 1 to 64 lower-case letters, digits, - and _; this is '" + name + "'");
        }
        var attack = node.texts("attack");
        for (var technique : attack) {
            if (!TECHNIQUE.matcher(technique).matches()) {
                fault(node, "'" + technique + "' is no technique of ATT&CK, as T1053 or T1053.003 are");
            }
        }
        var limits = limits(node);
        var discovery = node.texts("discovery");
        for (var one : discovery) {
            lint.sound("discovery", one, node.require("discovery").line());
        }
        var files = patterns(node.mapping("file_paths"));
        var queries = queries(node.require("queries").asMapping());
        queries.forEach(query -> lint.look(query, limits.platform(), !files.isEmpty()));
        var title = node.text("title");
        return new QueryPack(
                name,
                title == null ? name : title,
                Objects.requireNonNullElse(node.text("description"), ""),
                Boolean.TRUE.equals(yes(node, "usual")),
                attack,
                limits,
                discovery,
                queries,
                files,
                patterns(node.mapping("exclude_paths")));
    }

    private List<Query> queries(YamlNode.Mapping all) throws ContentException {
        var queries = new ArrayList<Query>();
        if (all.entries().isEmpty() || all.entries().size() > MOST_QUERIES) {
            fault(all, "a pack has 1 to " + MOST_QUERIES + " queries");
        }
        for (var entry : all.entries()) {
            try {
                queries.add(query(entry));
            } catch (ContentException e) {
                e.problems().forEach(one -> findings.add(new PackFinding(true, one)));
            }
        }
        return queries;
    }

    private Query query(YamlNode.Entry entry) throws ContentException {
        var node = entry.value().asMapping();
        node.allowOnly(
                "query",
                "interval",
                "removed",
                "snapshot",
                "denylist",
                "blacklist",
                "platform",
                "version",
                "shard",
                "description",
                "value");
        if (!QUERY_NAME.matcher(entry.key()).matches()) {
            fault(node, "a query's name has 1 to 100 letters, digits, - and _; this is '" + entry.key() + "'");
        }
        var denylist = yes(node, node.get("denylist") == null ? "blacklist" : "denylist");
        var snapshot = Boolean.TRUE.equals(yes(node, "snapshot"));
        var removed = yes(node, "removed");
        if (snapshot && removed != null) {
            fault(node, entry.key() + ": a snapshot has no rows that are gone: leave 'removed' out");
        }
        var description = node.text("description");
        var value = node.text("value");
        return new Query(
                entry.key(),
                node.requireText("query").strip(),
                number(node, "interval", 10, LONGEST_INTERVAL, true),
                removed,
                snapshot,
                denylist,
                limits(node),
                description != null ? description : value != null ? value : "",
                entry.line());
    }

    private Limits limits(YamlNode.Mapping node) throws ContentException {
        var platform = String.join(",", node.texts("platform"));
        if (OsqueryTables.platforms(platform).isEmpty()) {
            fault(node, "'" + platform + "' is no platform: linux, darwin, windows, posix, or several with commas");
        }
        var version = node.text("version");
        if (version != null && !VERSION.matcher(version).matches()) {
            fault(node, "'" + version + "' is no version of osquery, as 5.10.0 is");
        }
        var shard = node.get("shard") == null ? null : number(node, "shard", 1, 100, false);
        return new Limits(platform, version == null ? "" : version, shard);
    }

    private @Nullable Boolean yes(YamlNode.Mapping node, String key) throws ContentException {
        var text = node.text(key);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            fault(node.require(key), key + " is true or false");
        }
        return text == null ? null : text.equals("true");
    }

    private int number(YamlNode.Mapping node, String key, int least, int most, boolean required)
            throws ContentException {
        var text = required ? node.requireText(key) : node.text(key);
        int value = text != null && text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            fault(node.require(key), key + " is a whole number from " + least + " to " + most);
        }
        return value;
    }

    private Map<String, List<String>> patterns(YamlNode.@Nullable Mapping node) throws ContentException {
        var all = new LinkedHashMap<String, List<String>>();
        if (node == null) {
            return all;
        }
        int count = 0;
        for (var entry : node.entries()) {
            if (!QUERY_NAME.matcher(entry.key()).matches()) {
                fault(node, "a category has 1 to 100 letters, digits, - and _; this is '" + entry.key() + "'");
            }
            var paths = entry.value().asTexts();
            count += paths.size();
            for (var path : paths) {
                boolean absolute = path.startsWith("/") || path.startsWith("%") || path.matches("[A-Za-z]:\\\\.*");
                if (!absolute || path.length() > 1000) {
                    fault(
                            entry.value(),
                            "'" + path + "' is no absolute path (% stands for one name, %% for all below)");
                }
            }
            all.put(entry.key(), paths);
        }
        if (count > MOST_PATTERNS) {
            fault(node, "at most " + MOST_PATTERNS + " paths");
        }
        return all;
    }

    private void fault(YamlNode at, String reason) {
        findings.add(PackFinding.error(name, at.line(), reason));
    }
}
