package io.marsad.soc.intel;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that intelligence can be asked about, in the one form that it is compared in.
 *
 * @param kind {@link Kind#UNKNOWN} for types that are not known and for values that are none of their type
 * @param type as the API writes it: {@code ip}; of an unknown kind, the type as it was given
 * @param value normalised; of an unknown kind as it was given, at most {@link #LONGEST} characters
 * @param fault why the value is none of its type; null when it is, and for types that are not known
 */
public record Indicator(
        Kind kind, String type, String value, @Nullable String fault) {
    /** How long a value may be. */
    public static final int LONGEST = 2_048;

    private static final int LONGEST_TYPE = 64;
    private static final Set<String> NETWORKS = Set.of("network", "cidr", "subnet", "netblock");

    /** What can be asked about. */
    public enum Kind {
        IP(Set.of("ip", "ipv4", "ipv6", "ip_address", "ipv4-addr", "ipv6-addr", "ip-src", "ip-dst", "address")),
        DOMAIN(Set.of("domain", "domain-name", "hostname", "fqdn", "host")),
        HASH(Set.of(
                "hash",
                "file",
                "file_hash",
                "md5",
                "sha1",
                "sha-1",
                "sha256",
                "sha-256",
                "filehash-md5",
                "filehash-sha1",
                "filehash-sha256",
                "md5_hash",
                "sha1_hash",
                "sha256_hash")),
        URL(Set.of("url", "uri", "link")),
        EMAIL(Set.of("email", "email-addr", "email_addr", "email-src", "mail")),
        /** Addresses of an IP network: listed, but nobody is asked about one. Only {@link Indicator#listed} gives it. */
        NETWORK(Set.of()),
        UNKNOWN(Set.of());

        private final Set<String> names;

        Kind(Set<String> names) {
            this.names = names;
        }

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofName(String name) {
            for (Kind kind : values()) {
                if (kind.names.contains(name)) {
                    return kind;
                }
            }
            return UNKNOWN;
        }
    }

    /** An indicator of a type and value as somebody wrote them; never refused. */
    public static Indicator of(String type, String value) {
        var name = type.strip().toLowerCase(Locale.ROOT);
        var kind = Kind.ofName(name);
        if (kind == Kind.UNKNOWN) {
            return new Indicator(kind, cut(name, LONGEST_TYPE), cut(value, LONGEST), null);
        }
        if (value.length() > LONGEST) {
            return bad(kind, value, "is longer than " + LONGEST + " characters");
        }
        try {
            return new Indicator(kind, kind.word(), Normal.form(kind, value), null);
        } catch (IllegalArgumentException e) {
            return bad(kind, value, String.valueOf(e.getMessage()));
        }
    }

    /**
     * An indicator that somebody lists, which may be a network, too.
     *
     * @param type empty: whatever the value looks like
     */
    public static Indicator listed(String type, String value) {
        var name = type.strip().toLowerCase(Locale.ROOT);
        var bare = value.length() > LONGEST ? "" : Normal.refanged(value);
        boolean address = name.isEmpty() || Kind.ofName(name) == Kind.IP;
        if (!NETWORKS.contains(name) && !(address && Networks.looksLike(bare))) {
            return name.isEmpty() ? guessed(value) : of(name, value);
        }
        try {
            var form = Normal.form(Kind.NETWORK, bare);
            var kind = form.indexOf('/') < 0 ? Kind.IP : Kind.NETWORK;
            return new Indicator(kind, kind.word(), form, null);
        } catch (IllegalArgumentException e) {
            return bad(Kind.NETWORK, value, String.valueOf(e.getMessage()));
        }
    }

    /** Is it the name of a type of what can be listed? */
    static boolean isType(String name) {
        var lower = name.strip().toLowerCase(Locale.ROOT);
        return NETWORKS.contains(lower) || Kind.ofName(lower) != Kind.UNKNOWN;
    }

    /** An indicator of whatever type its value looks like. */
    public static Indicator guessed(String value) {
        for (Kind kind : new Kind[] {Kind.HASH, Kind.IP, Kind.URL, Kind.EMAIL, Kind.DOMAIN}) {
            if (kind == Kind.URL && Normal.refanged(value).indexOf('/') < 0) {
                continue;
            }
            var indicator = of(kind.word(), value);
            boolean bareWord = kind == Kind.DOMAIN && indicator.value().indexOf('.') < 0;
            if (indicator.fault() == null && !bareWord) {
                return indicator;
            }
        }
        return new Indicator(Kind.UNKNOWN, "", cut(value, LONGEST), "is no address, name, hash or link");
    }

    private static Indicator bad(Kind kind, String value, String fault) {
        return new Indicator(Kind.UNKNOWN, kind.word(), cut(value, LONGEST), fault);
    }

    private static String cut(String text, int most) {
        int end = Math.min(text.length(), most);
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    /** {@code ip:192.0.2.1}: equal for equal indicators, different for different ones. */
    public String key() {
        return type + ':' + value;
    }
}
