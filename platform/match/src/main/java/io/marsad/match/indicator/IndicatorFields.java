package io.marsad.match.indicator;

import io.marsad.kernel.event.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which fields of an event are looked up as what: by the last name of their OCSF path, as the schema's types
 * {@code ip_t}, {@code hostname_t}, {@code url_t}, {@code email_t} and {@code file_hash_t} have it. Not the observed device
 * itself, and not {@code unmapped}: what has a meaning has a place in OCSF. Each field is resolved once. One thread uses it.
 */
public final class IndicatorFields {
    static final byte NOT_YET = 0, NO = 1, HOST = 2, URL = 3, HASH = 4, EMAIL = 5;

    private static final Set<String> HOSTS = Set.of(
            "ip",
            "intermediate_ips",
            "ip_addresses",
            "hostname",
            "rdata",
            "x_forwarded_for",
            "x_originating_ip",
            "sni");
    private static final Set<String> URLS = Set.of("url_string", "referrer", "src_url");
    private static final Set<String> EMAILS =
            Set.of("email_addr", "email_addrs", "from", "to", "cc", "reply_to", "smtp_from", "smtp_to", "return_path");

    private byte[] kinds = new byte[1024];

    byte kind(int field) {
        byte kind = field < kinds.length ? kinds[field] : NOT_YET;
        return kind == NOT_YET ? resolve(field) : kind;
    }

    private byte resolve(int field) {
        if (field >= kinds.length) {
            kinds = Arrays.copyOf(kinds, Math.max(field + 1, kinds.length * 2));
        }
        byte kind = of(Field.byId(field).path());
        kinds[field] = kind;
        return kind;
    }

    /** What is looked up in a field. */
    public enum Holds {
        /** Addresses and names. */
        HOSTS,
        URLS,
        HASHES,
        MAILBOXES
    }

    /** The fields that any event has had since the start, or a rule or mapping names, that hold such values. */
    public static List<Field> known(Holds what) {
        byte wanted = switch (what) {
            case HOSTS -> HOST;
            case URLS -> URL;
            case HASHES -> HASH;
            case MAILBOXES -> EMAIL;
        };
        var fields = new ArrayList<Field>();
        for (int id = 0, all = Field.known(); id < all; id++) {
            var field = Field.byId(id);
            if (of(field.path()) == wanted) {
                fields.add(field);
            }
        }
        return fields;
    }

    static byte of(String path) {
        if (path.startsWith(Field.UNMAPPED) || path.startsWith("device.") || path.startsWith("metadata.")) {
            return NO;
        }
        int dot = path.lastIndexOf('.');
        var name = path.substring(dot + 1);
        boolean mail = path.startsWith("email.") || !name.equals("from") && !name.equals("to") && !name.equals("cc");
        if (HOSTS.contains(name) || path.endsWith("url.domain")) {
            return HOST;
        }
        if (URLS.contains(name)) {
            return URL;
        }
        if (path.endsWith("hashes.value") || path.endsWith("hash.value") || path.endsWith("fingerprints.value")) {
            return HASH;
        }
        return EMAILS.contains(name) && mail ? EMAIL : NO;
    }
}
