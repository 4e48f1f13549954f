package io.marsad.connect.replay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request as it came, the names of its headers in lower case. */
record Asked(String method, String url, Map<String, String> headers, String body) {
    private static final JsonMapper JSON = new JsonMapper();
    /** What our own HTTP says in every request; the rest has to be recorded. */
    private static final Set<String> OF_HTTP =
            Set.of("host", "user-agent", "accept-encoding", "connection", "content-length", "accept", "content-type");

    List<String> differences(Recording.Request recorded) {
        var found = new ArrayList<String>();
        compare(found, "method", recorded.method(), method);
        compare(found, "address", before(recorded.url()), before(url));
        compare(
                found,
                "query",
                pairs(after(recorded.url())).toString(),
                pairs(after(url)).toString());
        headers(recorded, found);
        var type = headers.getOrDefault("content-type", "");
        if (recorded.json() != null) {
            compare(found, "body", recorded.json(), json());
            compare(found, "type of the body", "application/json", type);
        } else if (recorded.form() != null) {
            compare(
                    found,
                    "form",
                    fields(recorded.form()).toString(),
                    pairs(body).toString());
            compare(found, "type of the body", "application/x-www-form-urlencoded", type);
        } else {
            compare(found, "body", recorded.text() == null ? "" : recorded.text(), body);
        }
        return found;
    }

    private void headers(Recording.Request recorded, List<String> found) {
        var sent = new TreeMap<>(headers);
        var wanted = new TreeMap<String, String>();
        recorded.headers().forEach((name, value) -> wanted.put(name.toLowerCase(Locale.ROOT), value));
        sent.keySet().removeIf(name -> OF_HTTP.contains(name) && !wanted.containsKey(name));
        compare(found, "headers", wanted.toString(), sent.toString());
    }

    private @Nullable Object json() {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return body;
        }
    }

    private static String before(String url) {
        int question = url.indexOf('?');
        return question < 0 ? url : url.substring(0, question);
    }

    private static String after(String url) {
        int question = url.indexOf('?');
        return question < 0 ? "" : url.substring(question + 1);
    }

    private static List<String> pairs(String form) {
        var pairs = new ArrayList<String>();
        for (String pair : form.isEmpty() ? new String[0] : form.split("&", -1)) {
            pairs.add(URLDecoder.decode(pair, StandardCharsets.UTF_8));
        }
        pairs.sort(null);
        return pairs;
    }

    private static List<String> fields(JsonNode form) {
        var pairs = new ArrayList<String>();
        for (var field : form.properties()) {
            for (JsonNode value : field.getValue().isArray() ? field.getValue() : List.of(field.getValue())) {
                pairs.add(field.getKey() + "=" + value.asString());
            }
        }
        pairs.sort(null);
        return pairs;
    }

    private static void compare(List<String> found, String what, Object wanted, @Nullable Object got) {
        if (!wanted.equals(got)) {
            found.add("the " + what + " is recorded as " + wanted + " and came as " + got);
        }
    }
}
