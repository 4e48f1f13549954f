package io.marsad.api.contract;

import static io.marsad.api.contract.Document.list;
import static io.marsad.api.contract.Document.map;
import static io.marsad.api.contract.Document.text;

import io.marsad.kernel.content.ContentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What in a new contract breaks those who hold to the old one, a line each. What is only added breaks nobody. */
final class ContractBreaks {
    private static final List<String> TENANCY = List.of("public", "tenant", "operator"); // stricter and stricter

    private final Document before;
    private final Document after;
    private final List<String> breaks = new ArrayList<>();
    private final SchemaBreaks schemas;

    private ContractBreaks(Document before, Document after) {
        this.before = before;
        this.after = after;
        this.schemas = new SchemaBreaks(before, after, breaks);
    }

    /** Both as YAML. */
    static List<String> between(String before, String after) throws ContentException {
        var all = new ContractBreaks(new Document(before), new Document(after));
        all.paths();
        return List.copyOf(all.breaks);
    }

    private void tell(String where, String what) {
        breaks.add(where + ": " + what);
    }

    private void paths() {
        before.paths()
                .forEach((path, methods) -> map(methods).forEach((method, operation) -> {
                    var where = method.toUpperCase(Locale.ROOT) + " " + path;
                    var now = map(map(after.paths().get(path)).get(method));
                    if (now.isEmpty()) {
                        tell(where, "is gone");
                    } else {
                        operation(where, map(operation), now);
                    }
                }));
    }

    private void operation(String where, Map<String, Object> was, Map<String, Object> is) {
        if (!text(was, "operationId", "").equals(text(is, "operationId", ""))) {
            tell(where, "has another operationId");
        }
        var permission = text(is, "x-permission", "none");
        if (!permission.equals("none") && !permission.equals(text(was, "x-permission", "none"))) {
            tell(where, "asks for the permission " + permission);
        }
        var tenancy = text(is, "x-tenancy", "tenant");
        if (TENANCY.indexOf(tenancy) > TENANCY.indexOf(text(was, "x-tenancy", "tenant"))) {
            tell(where, "is for fewer: x-tenancy " + tenancy);
        }
        var credentials = after.credentials(is);
        for (var scheme : before.credentials(was)) {
            if (!credentials.contains(scheme) && !credentials.isEmpty()) {
                tell(where, "does not take the credential '" + scheme + "' any more");
            }
        }
        if (before.credentials(was).isEmpty() && !credentials.isEmpty() && !credentials.contains("none")) {
            tell(where, "asks for a credential");
        }
        parameters(where, was, is);
        request(where, before.at(was.get("requestBody")), after.at(is.get("requestBody")));
        responses(where, map(was.get("responses")), map(is.get("responses")));
    }

    private static Map<String, Map<String, Object>> byName(Document document, @Nullable Object parameters) {
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        for (var one : list(parameters)) {
            var parameter = document.at(one);
            found.put(text(parameter, "in", "") + " " + text(parameter, "name", ""), parameter);
        }
        return found;
    }

    private void parameters(String where, Map<String, Object> was, Map<String, Object> is) {
        var old = byName(before, was.get("parameters"));
        var now = byName(after, is.get("parameters"));
        old.forEach((name, parameter) -> {
            var same = now.get(name);
            if (same == null) {
                tell(where + " " + name, "is gone");
            } else {
                if (isRequired(same) && !isRequired(parameter)) {
                    tell(where + " " + name, "is required");
                }
                schemas.compare(where + " " + name, SchemaBreaks.Way.SENT, parameter.get("schema"), same.get("schema"));
            }
        });
        now.forEach((name, parameter) -> {
            if (!old.containsKey(name) && isRequired(parameter)) {
                tell(where + " " + name, "is required");
            }
        });
    }

    private static boolean isRequired(Map<String, Object> thing) {
        return text(thing, "required", "false").equals("true");
    }

    private void request(String where, Map<String, Object> was, Map<String, Object> is) {
        if (isRequired(is) && !isRequired(was)) {
            tell(where, "needs a body");
        }
        content(where + " body", SchemaBreaks.Way.SENT, was, is);
    }

    private void content(String where, SchemaBreaks.Way way, Map<String, Object> was, Map<String, Object> is) {
        var now = map(is.get("content"));
        map(was.get("content")).forEach((type, body) -> {
            if (!now.containsKey(type)) {
                tell(where, type + " is gone");
            } else {
                schemas.compare(
                        where, way, map(body).get("schema"), map(now.get(type)).get("schema"));
            }
        });
    }

    private void responses(String where, Map<String, Object> was, Map<String, Object> is) {
        was.forEach((status, response) -> {
            if (!is.containsKey(status)) {
                tell(where + " " + status, "is gone");
                return;
            }
            var old = before.at(response);
            var now = after.at(is.get(status));
            content(where + " " + status, SchemaBreaks.Way.READ, old, now);
            var headers = map(now.get("headers"));
            map(old.get("headers")).keySet().forEach(header -> {
                if (!headers.containsKey(header)) {
                    tell(where + " " + status, "the header " + header + " is gone");
                }
            });
        });
    }
}
