package io.marsad.ingest.intake;

import io.marsad.ingest.intake.JsonWalk.Kind;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record is a canonical event: the schema {@code CanonicalEvent} of {@code api/openapi.yaml}. A null member
 * counts as absent; members that the schema does not name are welcome. Used by one thread, again and again.
 */
final class CanonicalCheck implements JsonWalk.Visitor {
    private static final int MAX_FAULTS = 20;
    private static final Set<String> CATEGORIES =
            Set.of("auth", "endpoint", "network", "cloud", "k8s", "storage", "ops");
    private static final Set<String> OUTCOMES = Set.of("success", "failure", "unknown");
    private static final Map<String, Set<String>> TYPES = Map.of(
            "actor", Set.of("user", "service", "device", "unknown"),
            "target", Set.of("asset", "workload", "service", "data", "unknown"));
    private static final Map<String, Set<String>> TEXTS = Map.of(
            "source", Set.of("system", "integration", "host"),
            "actor", Set.of("type", "id", "name", "email"),
            "target", Set.of("type", "id", "name"));

    /** What was found: a problem with every fault, or null; and the event's own id, if it has one. */
    record Finding(@Nullable Problem problem, @Nullable String eventId) {}

    private final JsonWalk walk = new JsonWalk();
    private final List<Fault> faults = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private boolean object;
    private boolean category;
    private @Nullable String eventId;

    Finding check(byte[] record, int offset, int length) {
        faults.clear();
        bytes = record;
        object = false;
        category = false;
        eventId = null;
        var broken = walk.walk(record, offset, length, this);
        if (broken != null) {
            faults.clear();
            fault("", broken);
        } else if (!object) {
            fault("", "a JSON object is expected");
        } else if (!category) {
            fault("/category", "is missing; expected one of auth, endpoint, network, cloud, k8s, storage, ops");
        }
        if (faults.isEmpty()) {
            return new Finding(null, eventId);
        }
        return new Finding(
                new Problem("invalid-event", 400, "Bad request", "The event is not in the canonical form.", faults),
                null);
    }

    private void fault(String where, String reason) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(where, reason));
        }
    }

    @Override
    public void value(int depth, Kind kind, int from, int to) {
        if (depth == 0) {
            object = kind == Kind.OBJECT;
        } else if (kind != Kind.NULL && depth == 1 && walk.keyFrom(1) >= 0) {
            member(key(1), kind, from, to);
        } else if (kind != Kind.NULL && depth == 2 && walk.keyFrom(1) >= 0) {
            inner(key(1), kind, from, to);
        }
    }

    private void member(String name, Kind kind, int from, int to) {
        switch (name) {
            case "category" -> {
                category = true;
                oneOf("/category", kind, from, to, CATEGORIES, "auth, endpoint, network, cloud, k8s, storage, ops");
            }
            case "outcome" -> oneOf("/outcome", kind, from, to, OUTCOMES, "success, failure, unknown");
            case "severity" -> severity(kind, from, to);
            case "timestamp" -> timestamp(kind, from, to);
            case "event_id" -> {
                if (kind != Kind.TEXT
                        || to - from < 3
                        || to - from > 802
                        || text(from, to).length() > 200) {
                    fault("/event_id", "a text of 1 to 200 characters is expected");
                } else {
                    eventId = text(from, to);
                }
            }
            case "action", "raw_ref" -> expect("/" + name, kind, Kind.TEXT, "a text");
            case "source", "actor", "target", "attributes" -> expect("/" + name, kind, Kind.OBJECT, "an object");
            case "tags" -> expect("/tags", kind, Kind.ARRAY, "an array of texts");
            default -> {}
        }
    }

    private void inner(String outer, Kind kind, int from, int to) {
        if (walk.keyFrom(2) < 0) {
            if (outer.equals("tags")) {
                expect("/tags", kind, Kind.TEXT, "an array of texts");
            }
            return;
        }
        var texts = TEXTS.get(outer);
        var name = texts == null ? "" : key(2);
        if (texts == null || !texts.contains(name)) {
            return;
        }
        var where = "/" + outer + "/" + name;
        var types = TYPES.get(outer);
        if (types != null && name.equals("type")) {
            oneOf(
                    where,
                    kind,
                    from,
                    to,
                    types,
                    String.join(", ", types.stream().sorted().toList()));
        } else {
            expect(where, kind, Kind.TEXT, "a text");
        }
    }

    private void expect(String where, Kind kind, Kind wanted, String words) {
        if (kind != wanted) {
            fault(where, words + " is expected");
        }
    }

    private void oneOf(String where, Kind kind, int from, int to, Set<String> allowed, String words) {
        if (kind != Kind.TEXT || to - from > 40 || !allowed.contains(text(from, to))) {
            fault(where, "expected one of " + words);
        }
    }

    private void severity(Kind kind, int from, int to) {
        boolean fits = kind == Kind.NUMBER && to - from <= 2 && bytes[from] != '-';
        if (!fits || Integer.parseInt(new String(bytes, from, to - from, StandardCharsets.US_ASCII)) > 10) {
            fault("/severity", "an integer from 0 to 10 is expected");
        }
    }

    private void timestamp(Kind kind, int from, int to) {
        if (kind != Kind.TEXT || to - from > 64) {
            fault("/timestamp", "a time as RFC 3339 has it is expected, such as 2026-01-31T13:45:00Z");
            return;
        }
        try {
            OffsetDateTime.parse(text(from, to));
        } catch (DateTimeException e) {
            fault("/timestamp", "a time as RFC 3339 has it is expected, such as 2026-01-31T13:45:00Z");
        }
    }

    private String key(int depth) {
        int from = walk.keyFrom(depth);
        return new String(bytes, from, Math.min(walk.keyTo(depth) - from, 40), StandardCharsets.UTF_8);
    }

    /** Without the quotes. Escapes stay: none of the texts that are looked at has one. */
    private String text(int from, int to) {
        return new String(bytes, from + 1, to - from - 2, StandardCharsets.UTF_8);
    }
}
