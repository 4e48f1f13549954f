package io.marsad.soc.correlate;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Addresses in one spelling; no name is ever looked up. */
final class Addresses {
    private static final int MAX = 64;

    private Addresses() {}

    /** One spelling of each address, that of an IPv4 address also for {@code ::ffff:} before it; null for what is none. */
    static @Nullable String normal(String text) {
        var parsed = parse(text);
        return parsed == null ? null : parsed.getHostAddress();
    }

    /** Whether it leads nowhere else: unset, of the machine, of its link, to a group, to all. */
    static boolean isOfNobody(String text) {
        var parsed = parse(text);
        return parsed == null
                || parsed.isAnyLocalAddress()
                || parsed.isLoopbackAddress()
                || parsed.isLinkLocalAddress()
                || parsed.isMulticastAddress()
                || text.equals("255.255.255.255");
    }

    private static @Nullable InetAddress parse(String text) {
        int zone = text.indexOf('%');
        var plain = zone < 0 ? text : text.substring(0, zone);
        boolean numbers = plain.length() <= MAX && !plain.isEmpty() && (isQuad(plain) || plain.indexOf(':') >= 0);
        if (!numbers) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(plain);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isQuad(String text) {
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }
}
