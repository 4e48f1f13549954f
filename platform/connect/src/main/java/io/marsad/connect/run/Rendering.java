package io.marsad.connect.run;

import io.marsad.connect.manifest.Operation;
import io.marsad.connect.manifest.Ref;
import io.marsad.connect.manifest.Text;
import io.marsad.connect.manifest.Tree;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Writes requests. A value is encoded for the place where it stands, so that it is a value there and nothing else: one
 * segment of a path, one parameter of a query, one string in JSON, one line of a header.
 */
final class Rendering {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String QUOTES = "'\"`\\^<>&|;{}\n\r\t";
    private static final String OPEN = "\u27e6";
    private static final String CLOSE = "\u27e7";

    private final Scope scope;

    Rendering(Scope scope) {
        this.scope = scope;
    }

    /** Stands in a simulated request for what nobody knows yet, or must not see. */
    static String placeholder(String name) {
        return OPEN + name + CLOSE;
    }

    Message message(Text base, Operation.Request request, Map<String, String> more) throws Refusal {
        var query = new ArrayList<String>();
        for (var entry : request.query().entrySet()) {
            for (String value : values(entry.getValue())) {
                if (!more.containsKey(entry.getKey())) {
                    query.add(encoded(entry.getKey()) + "=" + encoded(value));
                }
            }
        }
        more.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value)));
        var headers = new LinkedHashMap<String, String>();
        headers.put(
                "Accept",
                request.answers() == Operation.Format.JSON
                        ? "application/json"
                        : request.answers() == Operation.Format.XML ? "application/xml" : "*/*");
        var body = request.body();
        byte[] bytes = null;
        if (body != null) {
            headers.put("Content-Type", type(body));
            bytes = body(body).getBytes(StandardCharsets.UTF_8);
        } else if (!request.method().equals("GET") && !request.method().equals("DELETE")) {
            bytes = new byte[0];
        }
        for (var entry : request.headers().entrySet()) {
            var value = text(entry.getValue());
            if (value != null) {
                headers.put(entry.getKey(), header(entry.getKey(), value));
            }
        }
        var address = base(base) + path(request.path()) + (query.isEmpty() ? "" : "?" + String.join("&", query));
        return new Message(request.method(), uri(address), headers, bytes);
    }

    URI url(Text text) throws Refusal {
        return uri(base(text));
    }

    private URI uri(String address) throws Refusal {
        try {
            return new URI(scope.simulated() ? escaped(address) : address);
        } catch (URISyntaxException e) {
            throw new Refusal("what is set here makes no address: " + e.getReason());
        }
    }

    /** A placeholder's brackets are no part of addresses; whoever shows the request puts them back. */
    private static String escaped(String address) {
        return address.replace(OPEN, encoded(OPEN)).replace(CLOSE, encoded(CLOSE));
    }

    static String shown(String text) {
        return text.replace(encoded(OPEN), "<")
                .replace(encoded(CLOSE), ">")
                .replace(OPEN, "<")
                .replace(CLOSE, ">");
    }

    private static String type(Operation.Body body) {
        return switch (body) {
            case Operation.JsonBody json -> "application/json";
            case Operation.FormBody form -> "application/x-www-form-urlencoded";
            case Operation.TextBody text -> text.contentType();
        };
    }

    private String body(Operation.Body body) throws Refusal {
        return switch (body) {
            case Operation.JsonBody json -> {
                var tree = tree(json.tree());
                yield tree == null ? "{}" : tree.toString();
            }
            case Operation.FormBody form -> form(form.fields());
            case Operation.TextBody text -> {
                var written = text(text.text());
                yield written == null ? "" : written;
            }
        };
    }

    String form(Map<String, Text> fields) throws Refusal {
        var form = new ArrayList<String>();
        for (var entry : fields.entrySet()) {
            for (String value : values(entry.getValue())) {
                form.add(encoded(entry.getKey()) + "=" + encoded(value));
            }
        }
        return String.join("&", form);
    }

    /** A list has several, what is not there none. */
    private List<String> values(Text text) throws Refusal {
        var alone = text.alone();
        var value = alone == null ? null : scope.value(alone);
        if (value != null && value.isArray()) {
            var values = new ArrayList<String>();
            for (JsonNode item : value) {
                values.add(item.asString());
            }
            return values;
        }
        var written = text(text);
        return written == null ? List.of() : List.of(written);
    }

    /** JSON; null when it is one value that is not there. */
    @Nullable
    JsonNode tree(Tree tree) throws Refusal {
        return switch (tree) {
            case Tree.Fixed fixed -> fixed.value();
            case Tree.Filled filled -> {
                var alone = filled.text().alone();
                if (alone != null) {
                    yield scope.value(alone);
                }
                var text = text(filled.text());
                yield text == null ? null : JsonNodeFactory.instance.stringNode(text);
            }
            case Tree.Fields fields -> {
                var object = JsonNodeFactory.instance.objectNode();
                for (var entry : fields.fields().entrySet()) {
                    var value = tree(entry.getValue());
                    if (value != null) {
                        object.set(entry.getKey(), value);
                    }
                }
                yield object;
            }
            case Tree.Items items -> {
                var array = JsonNodeFactory.instance.arrayNode();
                for (Tree item : items.items()) {
                    var value = tree(item);
                    if (value != null) {
                        array.add(value);
                    }
                }
                yield array;
            }
        };
    }

    /** A text; null when one of its values is not there. */
    @Nullable
    String text(Text text) throws Refusal {
        var written = new StringBuilder();
        for (Text.Part part : text.parts()) {
            if (part.ref() == null) {
                written.append(part.literal());
                continue;
            }
            var value = scope.value(part.ref());
            if (value == null) {
                return null;
            }
            written.append(quoted(scalar(part.ref(), value), part.ref(), text.quoting()));
        }
        return written.toString();
    }

    private static String scalar(Ref ref, JsonNode value) throws Refusal {
        if (value.isContainer()) {
            throw new Refusal("'" + ref + "' is not a single value and cannot stand inside a text");
        }
        return value.asString();
    }

    private static String quoted(String value, Ref ref, Text.Quoting quoting) throws Refusal {
        return switch (quoting) {
            case NONE -> value;
            case QUOTED -> {
                if (value.chars().anyMatch(c -> QUOTES.indexOf(c) >= 0)) {
                    throw new Refusal("'" + ref + "' has a quote or another mark of the vendor's query language");
                }
                yield value;
            }
            case ODATA -> value.replace("'", "''");
            case ENTITIES -> value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            case XML -> xml(value, ref);
        };
    }

    private static String xml(String value, Ref ref) throws Refusal {
        if (value.codePoints().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' || c == 0xfffe || c == 0xffff)) {
            throw new Refusal("'" + ref + "' has a character that XML cannot have");
        }
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&apos;");
    }

    private String path(Text path) throws Refusal {
        var written = new StringBuilder();
        for (Text.Part part : path.parts()) {
            if (part.ref() == null) {
                written.append(part.literal());
                continue;
            }
            var value = scope.value(part.ref());
            if (value == null) {
                throw new Refusal("'" + part.ref() + "' is missing");
            }
            written.append(segment(scalar(part.ref(), value), part.ref()));
        }
        return written.toString();
    }

    private String segment(String value, Ref ref) throws Refusal {
        if (scope.simulated() && value.startsWith(OPEN)) {
            return value;
        }
        if (value.isEmpty()
                || value.chars().allMatch(c -> c == '.')
                || value.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new Refusal("'" + ref + "' cannot be a part of an address");
        }
        return encoded(value);
    }

    /** What stands before a path: a whole address out of the settings, or names inside a host. */
    private String base(Text base) throws Refusal {
        var written = new StringBuilder();
        for (Text.Part part : base.parts()) {
            if (part.ref() == null) {
                written.append(part.literal());
                continue;
            }
            var value = scope.value(part.ref());
            if (value == null) {
                throw new Refusal("'" + part.ref() + "' is missing");
            }
            var text = scalar(part.ref(), value);
            boolean whole = written.isEmpty();
            if (!whole && !text.chars().allMatch(c -> UNRESERVED.indexOf(c) >= 0 && c != '~')) {
                throw new Refusal("'" + part.ref() + "' cannot be a part of a host or path");
            }
            if (whole && (text.indexOf('?') >= 0 || text.indexOf('#') >= 0 || text.indexOf('@') >= 0)) {
                throw new Refusal("'" + part.ref() + "' is an address with more than a host and a path");
            }
            written.append(text);
        }
        var address = written.toString();
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private String header(String name, String value) throws Refusal {
        boolean shown = scope.simulated();
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f || c > 0x7e && !shown)) {
            throw new Refusal("what would be the header " + name + " has a character that headers cannot have");
        }
        return value;
    }

    /** RFC 3986, all but the unreserved characters, as UTF-8. */
    static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c < 0x80 && UNRESERVED.indexOf(c) >= 0) {
                encoded.append((char) c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
