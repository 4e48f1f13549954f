package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.problem.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a form sends ({@code application/x-www-form-urlencoded}). Immutable. */
record Form(Map<String, String> values) {
    static final String TYPE = "application/x-www-form-urlencoded";

    private static final int MOST_BYTES = 64 << 10;

    Form {
        values = Map.copyOf(values);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400, 413, 415 */
    static Form read(Exchange exchange) {
        if (!exchange.mediaType().equals(TYPE)) {
            throw new Problem(
                            "media-type",
                            415,
                            "Unsupported media type",
                            "A form is expected: " + TYPE + ".",
                            java.util.List.of())
                    .asException();
        }
        return parse(new String(exchange.body(MOST_BYTES), StandardCharsets.UTF_8));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 when it is none, or says something twice */
    static Form parse(String text) {
        var values = new HashMap<String, String>();
        for (var part : text.split("&", -1)) {
            int at = part.indexOf('=');
            if (!part.isEmpty()
                    && values.put(decoded(part.substring(0, Math.max(at, 0))), decoded(part.substring(at + 1)))
                            != null) {
                throw Problem.badRequest("invalid-form", "The form says something twice.")
                        .asException();
            }
        }
        return new Form(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-form", "The form is not encoded as forms are.")
                    .asException();
        }
    }

    /** Without spaces around it; empty when it was not sent. */
    String text(String name) {
        return values.getOrDefault(name, "").strip();
    }
}
