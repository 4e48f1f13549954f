package io.marsad.connect.manifest;

import com.google.re2j.Pattern;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a value may be. */
public enum ValueType {
    /** One line. */
    STRING,
    /** Any number of lines. */
    TEXT,
    INTEGER,
    BOOLEAN,
    /** One address. */
    IP,
    /** An address or a network such as 10.1.0.0/16. */
    NETWORK,
    DOMAIN,
    /** With http or https, a host and no password. */
    URL,
    EMAIL,
    /** MD5, SHA-1, SHA-256 or SHA-512, hexadecimal. */
    HASH,
    /** Any tree. */
    JSON;

    private static final Pattern DOMAIN_NAME =
            Pattern.compile("(?i)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\\.){1,20}[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,253}");
    private static final Pattern HEX = Pattern.compile("(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}");
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    /** @return null when there is none */
    public static @Nullable ValueType of(String name) {
        for (ValueType type : values()) {
            if (type.word().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** As manifests write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is wrong with a value, after "it"; null when it is one of these. */
    public @Nullable String fault(JsonNode value) {
        return switch (this) {
            case JSON -> null;
            case INTEGER -> value.isIntegralNumber() && value.canConvertToLong() ? null : "is not a whole number";
            case BOOLEAN -> value.isBoolean() ? null : "is neither true nor false";
            case STRING, TEXT, IP, NETWORK, DOMAIN, URL, EMAIL, HASH ->
                value.isString() ? fault(value.stringValue()) : "is not text";
        };
    }

    private @Nullable String fault(String text) {
        boolean lines = this == TEXT;
        if (text.chars()
                .anyMatch(c -> Character.isISOControl(c) && !(lines && (c == '\n' || c == '\t' || c == '\r')))) {
            return "has a control character";
        }
        boolean fits = switch (this) {
            case IP -> address(text);
            case NETWORK -> network(text);
            case DOMAIN -> text.length() <= 253 && DOMAIN_NAME.matches(text);
            case URL -> url(text);
            case EMAIL -> ADDRESS.matches(text);
            case HASH -> HEX.matches(text);
            default -> true;
        };
        return fits ? null : "is not " + (this == IP ? "an IP address" : "a " + word());
    }

    private static boolean address(String text) {
        if (!V4.matches(text) && !(text.indexOf(':') >= 0 && V6.matches(text))) {
            return false; // no zones, no brackets, no 127.1 and no 2130706433
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean network(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text);
        }
        var bits = text.substring(slash + 1);
        int most = text.indexOf(':') >= 0 ? 128 : 32;
        return address(text.substring(0, slash))
                && bits.length() <= 3
                && !bits.isEmpty()
                && bits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(bits) <= most;
    }

    private static boolean url(String text) {
        try {
            var uri = new URI(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
