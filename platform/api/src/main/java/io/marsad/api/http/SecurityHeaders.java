package io.marsad.api.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;
import java.util.List;

/** What browsers are told about every answer. */
final class SecurityHeaders {
    static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");

    private static final List<Header> ALWAYS = List.of(
            HeaderValues.create("X-Content-Type-Options", "nosniff"),
            HeaderValues.create("X-Frame-Options", "DENY"),
            HeaderValues.create("Referrer-Policy", "no-referrer"),
            HeaderValues.create("Cross-Origin-Opener-Policy", "same-origin"),
            HeaderValues.create("Cross-Origin-Resource-Policy", "same-origin"),
            HeaderValues.create("Permissions-Policy", "camera=(), microphone=(), geolocation=()"));
    private static final Header NO_PAGE = HeaderValues.create(POLICY, "default-src 'none'; frame-ancestors 'none'");
    private static final Header ONLY_TLS = HeaderValues.create("Strict-Transport-Security", "max-age=31536000");
    private static final Header NO_STORE = HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store");

    private SecurityHeaders() {}

    /** For every answer; the console's files then relax the policy and the caching. */
    static void add(WritableHeaders<?> headers, boolean tls) {
        if (tls) {
            headers.set(ONLY_TLS);
        }
        ALWAYS.forEach(headers::set);
        headers.set(NO_PAGE);
        headers.set(NO_STORE);
    }

    static String consolePolicy(String nonce) {
        return "default-src 'self'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self' 'nonce-" + nonce
                + "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none';"
                + " form-action 'self'; frame-ancestors 'none'";
    }
}
