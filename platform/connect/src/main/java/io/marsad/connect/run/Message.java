package io.marsad.connect.run;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with all its values, secrets too: it is never printed. */
public record Message(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    Message with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Message(method, uri, more, body);
    }

    Message to(URI other) {
        return new Message(method, other, headers, body);
    }

    String text() {
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
