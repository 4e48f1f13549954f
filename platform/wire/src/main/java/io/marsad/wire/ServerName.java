package io.marsad.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name that is called in TLS (RFC 6066, 3): it says of which tenant the caller is, so that one address can show each
 * tenant a certificate of its own authority. It is no name that is looked up anywhere, and proves nothing.
 */
public final class ServerName {
    private static final String DOMAIN = ".marsad.internal";
    private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private ServerName() {}

    /** That hosts and relays of the tenant call. */
    public static String of(String tenant) {
        return tenant + DOMAIN;
    }

    /** Whose it is; null: it is none of these. */
    public static @Nullable String tenant(String name) {
        if (!name.endsWith(DOMAIN)) {
            return null;
        }
        var tenant = name.substring(0, name.length() - DOMAIN.length());
        return TENANT.matcher(tenant).matches() ? tenant : null;
    }
}
