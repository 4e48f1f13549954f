package io.marsad.api.http;

/** The cookie that a browser's session is in: no script reads it, no other site's page sends it. */
public final class SessionCookie {
    static final String NAME = "marsad_session";

    private SessionCookie() {}

    /** The value of {@code Set-Cookie}. */
    public static String set(String value, boolean secure) {
        return NAME + "=" + value + attributes(secure);
    }

    public static String clear(boolean secure) {
        return NAME + "=" + attributes(secure) + "; Max-Age=0";
    }

    private static String attributes(boolean secure) {
        return "; Path=/; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }
}
