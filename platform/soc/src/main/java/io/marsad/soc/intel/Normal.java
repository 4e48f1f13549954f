package io.marsad.soc.intel;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** The one form of an indicator's value; made of its own form it stays the same. */
final class Normal {
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_EMAIL = 320;

    private static final Pattern DOT =
            Pattern.compile("\\[\\.]|\\(\\.\\)|\\{\\.}|\\[dot]|\\(dot\\)", Pattern.CASE_INSENSITIVE);
    private static final Pattern AT = Pattern.compile("\\[@]|\\(@\\)|\\[at]|\\(at\\)", Pattern.CASE_INSENSITIVE);
    private static final Pattern COLON = Pattern.compile("\\[:]|\\(:\\)");
    private static final Pattern SLASHES = Pattern.compile("\\[://]|\\[:]//|:\\[//]");
    private static final Pattern SCHEME =
            Pattern.compile("^(?:hxxp|htxp|h\\*\\*p|meow)(s?)(?=:)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private Normal() {}

    /** @throws IllegalArgumentException when it is none of the kind; the message goes on after the value's name */
    static String form(Indicator.Kind kind, String given) {
        var text = refanged(given);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return switch (kind) {
            case IP -> address(text);
            case DOMAIN -> domain(text);
            case HASH -> hash(text);
            case URL -> Urls.form(text);
            case EMAIL -> email(text);
            case NETWORK -> Networks.form(text);
            case UNKNOWN -> text;
        };
    }

    /** Without what people put into indicators so that nobody clicks on them, and without invisible characters. */
    static String refanged(String given) {
        var text = new StringBuilder(given.length());
        given.codePoints().filter(c -> !invisible(c)).forEach(text::appendCodePoint);
        var plain = unwrapped(text.toString().strip());
        if (plain.indexOf('[') >= 0 || plain.indexOf('(') >= 0 || plain.indexOf('{') >= 0) {
            plain = SLASHES.matcher(plain).replaceAll("://");
            plain = DOT.matcher(plain).replaceAll(".");
            plain = AT.matcher(plain).replaceAll("@");
            plain = COLON.matcher(plain).replaceAll(":");
        }
        return SCHEME.matcher(plain).replaceFirst("http$1");
    }

    private static boolean invisible(int c) {
        return Character.getType(c) == Character.FORMAT || Character.isISOControl(c) || c >= 0xE0000 && c <= 0xE007F;
    }

    private static String unwrapped(String text) {
        var inner = text;
        while (inner.length() > 1 && wrapped(inner.charAt(0), inner.charAt(inner.length() - 1))) {
            inner = inner.substring(1, inner.length() - 1).strip();
        }
        return inner;
    }

    private static boolean wrapped(char first, char last) {
        return first == '"' && last == '"' || first == '\'' && last == '\'' || first == '<' && last == '>';
    }

    static String address(String text) {
        if (text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("is no single IP address");
        }
        var bare = text;
        int close = text.indexOf(']');
        if (text.startsWith("[") && close > 0) {
            bare = text.substring(1, close);
            port(text.substring(close + 1), true);
        } else if (text.indexOf('.') > 0 && text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
            bare = text.substring(0, text.indexOf(':'));
            port(text.substring(text.indexOf(':')), true);
        }
        int zone = bare.indexOf('%');
        var address = IpText.canonical(zone < 0 ? bare : bare.substring(0, zone));
        if (address == null) {
            throw new IllegalArgumentException("is no IP address");
        }
        return address;
    }

    /** The number behind the colon, or -1 for none. */
    static int port(String colonAndPort, boolean needed) {
        if (colonAndPort.isEmpty() || colonAndPort.equals(":") && !needed) {
            return -1;
        }
        var digits = colonAndPort.substring(1);
        if (colonAndPort.charAt(0) != ':' || !PORT.matcher(digits).matches() || Integer.parseInt(digits) > 65_535) {
            throw new IllegalArgumentException("has no sound port");
        }
        return Integer.parseInt(digits);
    }

    static String domain(String text) {
        String ascii;
        try {
            ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("is no domain name", e);
        }
        ascii = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        ascii = ascii.startsWith("*.") ? ascii.substring(2) : ascii;
        var labels = ascii.split("\\.", -1);
        boolean sound = !ascii.isEmpty() && ascii.length() <= LONGEST_DOMAIN;
        for (String label : labels) {
            sound &= LABEL.matcher(label).matches();
        }
        // A last label of digits only would be an address (RFC 3696 section 2).
        if (!sound || labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("is no domain name");
        }
        return ascii;
    }

    private static String hash(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        int colon = lower.indexOf(':');
        var bare = colon < 0 ? lower : lower.substring(colon + 1).strip();
        if (!HASH.matcher(bare).matches()) {
            throw new IllegalArgumentException("is no MD5, SHA-1 or SHA-256");
        }
        return bare;
    }

    private static String email(String text) {
        var address = text;
        int open = text.lastIndexOf('<');
        if (open >= 0 && text.endsWith(">")) {
            address = text.substring(open + 1, text.length() - 1).strip();
        }
        if (address.regionMatches(true, 0, "mailto:", 0, 7)) {
            address = address.substring(7);
        }
        int at = address.lastIndexOf('@');
        boolean sound = at > 0
                && address.length() <= LONGEST_EMAIL
                && address.codePoints().noneMatch(c -> Character.isWhitespace(c) || c == '<' || c == '>' || c == ',');
        if (!sound) {
            throw new IllegalArgumentException("is no e-mail address");
        }
        // A mailbox may tell cases apart, none in use does.
        return address.substring(0, at).toLowerCase(Locale.ROOT) + '@' + domain(address.substring(at + 1));
    }
}
