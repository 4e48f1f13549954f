package io.marsad.agent.policy;

import io.marsad.wire.AgentPackage;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.SignedAction;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads policies strictly: what is not known is refused, as is what is there twice. */
public final class PolicyReader {
    /** The longest policy, bytes. */
    public static final int LIMIT = 1 << 20;

    /** The names of collectors. */
    public static final Set<String> COLLECTORS = Set.of(
            "processes",
            "sockets",
            "services",
            "files",
            "audit",
            "journal",
            "inventory",
            "integrity",
            "falco",
            "eventlog");

    private static final Set<String> WITH_PATHS = Set.of("files", "integrity", "eventlog");
    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._/()-]{0,200}");
    private static final int PATHS = 100;
    private static final String PATH = "/[^\\x00-\\x1f]{1,300}";
    private static final Pattern ADDRESS = Pattern.compile("unix://" + PATH + "|[A-Za-z0-9.-]{1,253}:[1-9][0-9]{0,4}");
    private static final Pattern FOLDER = Pattern.compile(PATH);
    private static final Pattern RULES = Pattern.compile("[^\\x00]{0,49152}");
    private static final Pattern NAME = Pattern.compile("[^\\x00-\\x1f]{1,200}");
    private static final int NAMES = 500;
    private static final List<String> FALCO =
            List.of("address", "certificates", "folder", "rules", "disable", "enable");
    private static final Set<String> FIELDS = Set.of(
            "on",
            "every_ms",
            "records_per_second",
            "bytes_per_second",
            "paths",
            "address",
            "certificates",
            "folder",
            "rules",
            "disable",
            "enable");
    private static final int SCRIPTS = 50;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PolicyReader() {}

    /** @throws PolicyRefused naming the place, whatever the bytes are */
    public static Policy read(byte[] bytes) throws PolicyRefused {
        if (bytes.length > LIMIT) {
            throw new PolicyRefused("a policy has at most " + LIMIT + " bytes");
        }
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new PolicyRefused("no JSON: " + e.getOriginalMessage());
        }
        known("", root, Set.of("version", "not_after", "collectors", "scripts", AgentPackage.FIELD, PolicyShare.FIELD));
        number(PolicyShare.FIELD, root.get(PolicyShare.FIELD), 1, PolicyShare.ALL, (long) PolicyShare.ALL);
        long version = number("version", root.get("version"), 1, Long.MAX_VALUE, null);
        var end = root.get("not_after");
        if (end == null || !end.isString()) {
            throw new PolicyRefused("not_after: a time such as 2026-12-31T00:00:00Z is missing");
        }
        Instant notAfter;
        try {
            notAfter = Instant.parse(end.stringValue());
        } catch (DateTimeParseException e) {
            throw new PolicyRefused("not_after: no time such as 2026-12-31T00:00:00Z");
        }
        var on = new LinkedHashMap<String, Policy.Collection>();
        var all = root.get("collectors");
        known("collectors", all, COLLECTORS);
        for (var each : all.properties()) {
            var place = "collectors." + each.getKey();
            var collection = collection(place, each.getKey(), each.getValue());
            if (collection != null) {
                on.put(each.getKey(), collection);
            }
        }
        return new Policy(version, notAfter, on, scripts(root.get("scripts")), agent(root));
    }

    private static List<AgentPackage> agent(JsonNode root) throws PolicyRefused {
        try {
            return AgentPackage.of(root);
        } catch (IllegalArgumentException e) {
            throw new PolicyRefused(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> scripts(@Nullable JsonNode node) throws PolicyRefused {
        var scripts = new LinkedHashMap<String, String>();
        if (node == null) {
            return scripts;
        }
        if (!node.isArray() || node.size() > SCRIPTS) {
            throw new PolicyRefused("scripts: a list of at most " + SCRIPTS);
        }
        for (var one : node) {
            var place = "scripts[" + scripts.size() + "]";
            known(place, one, Set.of("name", "sha256", "text"));
            var text = one.path("text").asString("");
            if (text.isEmpty()
                    || !SignedAction.hash(text).equals(one.path("sha256").asString(""))) {
                throw new PolicyRefused(place + ": the SHA-256 is not that of the text");
            }
            scripts.put(one.path("sha256").asString(""), text);
        }
        return scripts;
    }

    private static Policy.@Nullable Collection collection(String place, String name, JsonNode node)
            throws PolicyRefused {
        known(place, node, FIELDS);
        var on = node.get("on");
        if (on == null || !on.isBoolean()) {
            throw new PolicyRefused(place + ".on: true or false is missing");
        }
        long every = number(place + ".every_ms", node.get("every_ms"), 100, 86_400_000, 2_000L);
        long records = number(place + ".records_per_second", node.get("records_per_second"), 1, 100_000, 500L);
        long bytes = number(place + ".bytes_per_second", node.get("bytes_per_second"), 1_000, 1 << 30, 500_000L);
        var paths = paths(place + ".paths", node.get("paths"), name.equals("eventlog"));
        if (WITH_PATHS.contains(name) == paths.isEmpty() && on.booleanValue()) {
            throw new PolicyRefused(place + ".paths: files, integrity and eventlog have paths, and nothing else has");
        }
        var falco = falco(place, name, node);
        return on.booleanValue() ? new Policy.Collection(Duration.ofMillis(every), records, bytes, paths, falco) : null;
    }

    private static Policy.@Nullable Falco falco(String place, String name, JsonNode node) throws PolicyRefused {
        if (!"falco".equals(name)) {
            for (var field : FALCO) {
                if (node.has(field)) {
                    throw new PolicyRefused(place + "." + field + ": falco has it, and nothing else");
                }
            }
            return null;
        }
        var usual = Policy.Falco.USUAL;
        return new Policy.Falco(
                text(place + ".address", node.get("address"), ADDRESS, usual.address()),
                text(place + ".certificates", node.get("certificates"), FOLDER, usual.certificates()),
                text(place + ".folder", node.get("folder"), FOLDER, usual.folder()),
                text(place + ".rules", node.get("rules"), RULES, ""),
                names(place + ".disable", node.get("disable")),
                names(place + ".enable", node.get("enable")));
    }

    private static List<String> names(String place, @Nullable JsonNode node) throws PolicyRefused {
        var names = new ArrayList<String>();
        if (node != null) {
            if (!node.isArray() || node.size() > NAMES) {
                throw new PolicyRefused(place + ": a list of at most " + NAMES + " names");
            }
            for (var name : node) {
                names.add(text(place + "[" + names.size() + "]", name, NAME, ""));
            }
        }
        return names;
    }

    private static String text(String place, @Nullable JsonNode node, Pattern form, String otherwise)
            throws PolicyRefused {
        if (node == null) {
            return otherwise;
        }
        var text = node.isString() ? node.stringValue() : null;
        if (text == null || !form.matcher(text).matches()) {
            throw new PolicyRefused(place + ": no text of its form");
        }
        return text;
    }

    private static List<String> paths(String place, @Nullable JsonNode node, boolean channels) throws PolicyRefused {
        var paths = new ArrayList<String>();
        if (node == null) {
            return paths;
        }
        if (!node.isArray() || node.size() > PATHS) {
            throw new PolicyRefused(place + ": a list of at most " + PATHS + " paths");
        }
        for (var path : node) {
            var text = path.isString() ? path.stringValue() : "";
            if (channels) {
                if (!CHANNEL.matcher(text).matches()) {
                    throw new PolicyRefused(place + "[" + paths.size() + "]: no name of a channel of Windows");
                }
                paths.add(text);
                continue;
            }
            int slash = text.lastIndexOf('/');
            var folder = text.substring(0, Math.max(0, slash));
            boolean plain = text.startsWith("/") && text.length() < 1_000 && text.indexOf('\0') < 0;
            if (!plain || slash == text.length() - 1 || (folder + "/").contains("/../")) {
                throw new PolicyRefused(place + "[" + paths.size() + "]: no absolute path of files");
            }
            if (folder.matches(".*[*?].*") || text.matches(".*[\\[\\]{}\\\\].*")) {
                throw new PolicyRefused(place + "[" + paths.size() + "]: only * and ? in the name of the file");
            }
            paths.add(text);
        }
        return paths;
    }

    private static long number(String place, @Nullable JsonNode node, long least, long most, @Nullable Long otherwise)
            throws PolicyRefused {
        if (node == null && otherwise != null) {
            return otherwise;
        }
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new PolicyRefused(place + ": a whole number is missing");
        }
        long value = node.longValue();
        if (value < least || value > most) {
            throw new PolicyRefused(place + ": from " + least + " to " + most);
        }
        return value;
    }

    private static void known(String place, @Nullable JsonNode node, Set<String> names) throws PolicyRefused {
        if (node == null || !node.isObject()) {
            throw new PolicyRefused((place.isEmpty() ? "the policy" : place) + ": an object is missing");
        }
        for (var name : node.propertyNames()) {
            if (!names.contains(name)) {
                throw new PolicyRefused((place.isEmpty() ? "" : place + ".") + name + ": not known here");
            }
        }
    }
}
