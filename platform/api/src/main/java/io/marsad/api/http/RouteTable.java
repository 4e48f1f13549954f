package io.marsad.api.http;

import io.helidon.common.uri.UriEncoding;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path: the contract's operations, each with its code. Immutable. */
final class RouteTable {
    /** A place in the tree of path segments. */
    private static final class Place {
        private final Map<String, Place> literal = new HashMap<>();
        private @Nullable Place any;
        private String parameter = "";
        private final Map<String, Served> methods = new TreeMap<>();
    }

    /** An operation and its code. */
    record Served(Operation operation, Handler handler) {}

    /** What stands at a path: its operations by method, and the parameters that were read from it. */
    record Found(Map<String, Served> methods, Map<String, String> path) {}

    /** Where osquery may be told to go by who ran it with Fleet, and what is meant. */
    private static final String OSQUERY = "/v1/osquery/";

    private static final List<String> OSQUERY_TOO = List.of("/api/v1/osquery/", "/api/osquery/");

    private final Place root = new Place();

    /** @throws IllegalStateException when the contract and the code do not have the same operations; all are named */
    RouteTable(OpenApi contract, List<Route> routes) {
        var code = new TreeMap<String, Handler>();
        var faults = new ArrayList<String>();
        for (Route route : routes) {
            if (code.put(route.operation(), route.handler()) != null) {
                faults.add(route.operation() + " is registered twice");
            }
        }
        var unknown = new TreeSet<>(code.keySet());
        for (Operation operation : contract.operations()) {
            unknown.remove(operation.id());
            var handler = code.get(operation.id());
            if (handler == null) {
                faults.add(operation.id() + " is in the contract and has no code");
            } else {
                add(new Served(operation, handler));
            }
        }
        unknown.forEach(id -> faults.add(id + " has code and is not in the contract"));
        if (!faults.isEmpty()) {
            throw new IllegalStateException("routes and contract differ: " + String.join("; ", faults));
        }
    }

    private void add(Served served) {
        var place = root;
        for (String segment : segments(served.operation.path())) {
            if (segment.startsWith("{")) {
                if (place.any == null) {
                    place.any = new Place();
                }
                place = place.any;
                place.parameter = segment.substring(1, segment.length() - 1);
            } else {
                place = place.literal.computeIfAbsent(segment, _ -> new Place());
            }
        }
        place.methods.put(served.operation.method(), served);
    }

    /**
     * What stands at this path, or null.
     *
     * @param rawPath still percent-encoded, so that an encoded slash is part of a segment
     * @throws IllegalArgumentException when the encoding is broken
     */
    @Nullable
    Found find(String rawPath) {
        var place = root;
        Map<String, String> path = Map.of();
        for (String segment : segments(meant(rawPath))) {
            var next = place.literal.get(segment);
            if (next == null && place.any != null && !segment.isEmpty()) {
                next = place.any;
                path = path.isEmpty() ? new HashMap<>() : path;
                path.put(next.parameter, UriEncoding.decodeUri(segment));
            }
            if (next == null) {
                return null;
            }
            place = next;
        }
        return place.methods.isEmpty() ? null : new Found(place.methods, path);
    }

    private static String meant(String path) {
        for (String other : OSQUERY_TOO) {
            if (path.startsWith(other)) {
                return OSQUERY + path.substring(other.length());
            }
        }
        return path;
    }

    private static String[] segments(String path) {
        return path.substring(1).split("/", -1);
    }
}
