package io.marsad.api.http;

import org.jspecify.annotations.Nullable;

/**
 * The cookie by which a browser that comes back from its sign-in provider is known as the one that went there. Only the
 * address that providers send browsers back to gets it; a link of another site has to bring it along, hence Lax.
 */
public final class SignOnCookie {
    private static final String NAME = "marsad_sign_on";
    private static final String PATH = "/v1/auth/callback";

    private SignOnCookie() {}

    /** The value of {@code Set-Cookie}. */
    public static String set(String value, boolean secure) {
        return NAME + "=" + value + attributes(secure) + "; Max-Age=600";
    }

    public static String clear(boolean secure) {
        return NAME + "=" + attributes(secure) + "; Max-Age=0";
    }

    /** Null when the browser sends none. */
    public static @Nullable String of(Exchange exchange) {
        return exchange.cookie(NAME);
    }

    private static String attributes(boolean secure) {
        return "; Path=" + PATH + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }
}
