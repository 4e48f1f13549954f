package io.marsad.soc.intel;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one form of a URL: scheme and host in lower case, the host as a name in ASCII or an address in its one form, no
 * default port, no fragment, a path at least, escapes in upper case and only where they are needed (RFC 3986 section 6.2.2).
 * Path and query keep their case and their dots: servers tell them apart.
 */
final class Urls {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{0,31})://(.*)", Pattern.DOTALL);
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "ftp", 21, "ws", 80, "wss", 443);
    private static final String UNRESERVED = "-._~";

    private Urls() {}

    /** @throws IllegalArgumentException when it is none */
    static String form(String text) {
        if (text.codePoints().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("is no URL");
        }
        var parts = SCHEME.matcher(text);
        boolean named = parts.matches();
        var scheme = named ? parts.group(1).toLowerCase(Locale.ROOT) : "http";
        var rest = named ? parts.group(2) : text;
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        int end = 0;
        while (end < rest.length() && "/?\\".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        var authority = rest.substring(0, end);
        var path = rest.substring(end).replace('\\', '/');
        return scheme + "://" + authority(authority, scheme) + (path.startsWith("/") ? "" : "/") + escaped(path);
    }

    private static String authority(String text, String scheme) {
        int at = text.lastIndexOf('@');
        var user = text.substring(0, at + 1);
        var hostAndPort = text.substring(at + 1);
        int close = hostAndPort.indexOf(']');
        int colon = hostAndPort.indexOf(':', Math.max(close, 0));
        var host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        int port = colon < 0 ? -1 : Normal.port(hostAndPort.substring(colon), false);
        boolean usual = port < 0 || Integer.valueOf(port).equals(PORTS.get(scheme));
        return user + host(host) + (usual ? "" : ":" + port);
    }

    private static String host(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            var address = Normal.address(host);
            return address.indexOf(':') < 0 ? address : '[' + address + ']';
        }
        var address = IpText.canonical(host);
        return address != null ? address : Normal.domain(host);
    }

    private static String escaped(String path) {
        var text = new StringBuilder(path.length() + 1);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? hex(path.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : hex(path.charAt(i + 2));
            if (low < 0) {
                text.append(c);
                continue;
            }
            char meant = (char) (high << 4 | low);
            if (meant < 128 && (Character.isLetterOrDigit(meant) || UNRESERVED.indexOf(meant) >= 0)) {
                text.append(meant);
            } else {
                text.append('%').append(upper(high)).append(upper(low));
            }
            i += 2;
        }
        return text.toString();
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static char upper(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
