package io.marsad.soc.alert;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.soc.alert.Entity.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what an event is about, by its OCSF paths. */
public final class EntityExtractor {
    private static final int MAX_PER_EVENT = 32;
    private static final int MAX_LENGTH = 512;
    /** Where a finding of another product (OCSF class 2004) has the same. */
    private static final String EVIDENCE = "evidences.";

    private static final String MAPPED = "::ffff:";

    /** In the order of how telling they are. */
    private static final Map<Kind, List<String>> PATHS = Map.ofEntries(
            Map.entry(
                    Kind.HOST,
                    List.of("device.hostname", "device.name", "dst_endpoint.hostname", "src_endpoint.hostname")),
            Map.entry(Kind.USER, List.of("actor.user.name", "user.name", "process.user.name")),
            Map.entry(Kind.IP, List.of("src_endpoint.ip", "dst_endpoint.ip", "device.ip")),
            Map.entry(Kind.DOMAIN, List.of("query.hostname", "url.hostname", "http_request.url.hostname", "tls.sni")),
            Map.entry(
                    Kind.HASH,
                    List.of(
                            "process.file.hashes.value",
                            "file.hashes.value",
                            "module.file.hashes.value",
                            "driver.file.hashes.value")),
            Map.entry(Kind.URL, List.of("url.url_string", "http_request.url.url_string")),
            Map.entry(Kind.EMAIL, List.of("user.email_addr", "actor.user.email_addr", "email.from")),
            Map.entry(
                    Kind.PROCESS,
                    List.of(
                            "process.file.path",
                            "process.path",
                            "process.name",
                            "actor.process.file.path",
                            "actor.process.name")),
            Map.entry(Kind.FILE, List.of("file.path", "module.file.path", "driver.file.path")),
            Map.entry(
                    Kind.CONTAINER,
                    List.of("container.name", "container.uid", "process.container.name", "process.container.uid")),
            Map.entry(Kind.ACCOUNT, List.of("cloud.account.uid", "actor.user.uid_alt", "actor.user.account.uid")));

    private static final Set<String> NOTHING =
            Set.of("", "-", "--", "n/a", "null", "none", "<na>", "unknown", "0.0.0.0", "::", "localhost", "(null)");

    private static final Map<Integer, Kind> KINDS = kinds();
    private static final List<Integer> ORDER = order();

    private EntityExtractor() {}

    /** The row's entities, each once, most telling kinds first; at most 32. */
    public static List<Entity> entities(EventBatch batch, int row) {
        var byField = new HashMap<Integer, List<String>>();
        for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
            if (batch.type(e) != EventBatch.NULL && batch.length(e) > 0 && KINDS.containsKey(batch.field(e))) {
                byField.computeIfAbsent(batch.field(e), f -> new ArrayList<>()).add(batch.text(e));
            }
        }
        var found = new ArrayList<Entity>();
        var seen = new HashSet<String>();
        for (int field : ORDER) {
            for (String text : byField.getOrDefault(field, List.of())) {
                var kind = KINDS.getOrDefault(field, Kind.HOST);
                var entity = new Entity(
                        kind,
                        Text.clean(kind == Kind.IP ? address(text.strip()) : text.strip(), MAX_LENGTH),
                        Field.byId(field).path());
                if (found.size() < MAX_PER_EVENT
                        && !NOTHING.contains(entity.key())
                        && !isNamedByPath(entity, found)
                        && seen.add(kind + entity.key())) {
                    found.add(entity);
                }
            }
        }
        return found;
    }

    /** An IPv4 address is the same one when it is written as IPv6 ({@code ::ffff:10.0.0.1}, RFC 4291 section 2.5.5.2). */
    private static String address(String text) {
        boolean mapped = text.indexOf('.') > 0 && text.regionMatches(true, 0, MAPPED, 0, MAPPED.length());
        return mapped ? text.substring(MAPPED.length()) : text;
    }

    /** A process is known by its path; its bare name beside that tells nothing more. */
    private static boolean isNamedByPath(Entity entity, List<Entity> found) {
        return entity.kind() == Kind.PROCESS
                && found.stream()
                        .anyMatch(e -> e.kind() == Kind.PROCESS
                                && (e.key().endsWith("/" + entity.key())
                                        || e.key().endsWith("\\" + entity.key())));
    }

    private static Map<Integer, Kind> kinds() {
        var kinds = new HashMap<Integer, Kind>();
        PATHS.forEach((kind, paths) -> paths.forEach(path -> {
            kinds.put(Field.of(path).id(), kind);
            kinds.put(Field.of(EVIDENCE + path).id(), kind);
        }));
        return Map.copyOf(kinds);
    }

    private static List<Integer> order() {
        var order = new ArrayList<Integer>();
        for (Kind kind : Kind.values()) {
            var paths = PATHS.getOrDefault(kind, List.of());
            paths.forEach(path -> order.add(Field.of(path).id()));
            paths.forEach(path -> order.add(Field.of(EVIDENCE + path).id()));
        }
        return List.copyOf(order);
    }
}
