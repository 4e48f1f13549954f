package io.marsad.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

/** The cookies that a request carries. */
final class Cookies {
    private Cookies() {}

    /** The first of this name; null when there is none. */
    static @Nullable String find(ServerRequest request, String name) {
        if (!request.headers().contains(HeaderNames.COOKIE)) {
            return null;
        }
        for (String line : request.headers().get(HeaderNames.COOKIE).allValues()) {
            for (String pair : line.split(";", -1)) {
                var text = pair.strip();
                if (text.startsWith(name + "=")) {
                    return text.substring(name.length() + 1);
                }
            }
        }
        return null;
    }
}
