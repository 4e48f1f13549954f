package io.marsad.soc.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The indicators of a STIX 2.1 pattern that are nothing but equalities, any of which is enough:
 * {@code [ipv4-addr:value = '192.0.2.1' OR domain-name:value IN ('a.example', 'b.example')]}; of addresses also networks,
 * {@code ipv4-addr:value ISSUBSET '203.0.113.0/24'}. Whatever asks for more (AND, NOT, LIKE, an order, a time) is not an
 * indicator by itself and is refused, never weakened.
 */
final class StixPattern {
    private static final int LONGEST = 65_536;
    private static final int MOST = 1_000;
    private static final int DEEPEST = 32;
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("ipv4-addr:value", "ip"),
            Map.entry("ipv6-addr:value", "ip"),
            Map.entry("domain-name:value", "domain"),
            Map.entry("url:value", "url"),
            Map.entry("email-addr:value", "email"),
            Map.entry("file:hashes.md5", "hash"),
            Map.entry("file:hashes.sha-1", "hash"),
            Map.entry("file:hashes.sha-256", "hash"),
            Map.entry("network-traffic:dst_ref.value", "ip"),
            Map.entry("network-traffic:src_ref.value", "ip"),
            Map.entry("email-message:from_ref.value", "email"));

    private final String text;
    private final List<Indicator> found = new ArrayList<>();
    private int at;

    private StixPattern(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with what it has that is more than an equality */
    static List<Indicator> indicators(String pattern) {
        if (pattern.length() > LONGEST) {
            throw new IllegalArgumentException("the pattern is longer than " + LONGEST + " characters");
        }
        var reader = new StixPattern(pattern);
        reader.observations();
        return List.copyOf(reader.found);
    }

    private void observations() {
        do {
            expect("[");
            do {
                comparison(0);
            } while (takes("OR"));
            expect("]");
        } while (takes("OR"));
        if (at < text.length()) {
            throw refused();
        }
    }

    private void comparison(int depth) {
        if (depth < DEEPEST && takes("(")) {
            do {
                comparison(depth + 1);
            } while (takes("OR"));
            expect(")");
            return;
        }
        var path = path();
        if (takes("IN")) {
            expect("(");
            do {
                add(path, literal());
            } while (takes(","));
            expect(")");
        } else if (takes("==") || takes("=")) {
            add(path, literal());
        } else if ("ip".equals(TYPES.get(path.toLowerCase(Locale.ROOT))) && takes("ISSUBSET")) {
            add(path, literal());
        } else {
            throw refused();
        }
    }

    private String path() {
        skip();
        var path = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'') {
                path.append(literal());
            } else if (Character.isLetterOrDigit(c) || "-_.:".indexOf(c) >= 0) {
                path.append(c);
                at++;
            } else {
                break;
            }
        }
        return path.toString();
    }

    private String literal() {
        skip();
        if (at >= text.length() || text.charAt(at) != '\'') {
            throw refused();
        }
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'') {
                at++;
                skip();
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            value.append(c);
        }
        throw new IllegalArgumentException("the pattern ends within a text");
    }

    private void add(String path, String value) {
        var type = TYPES.get(path.toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new IllegalArgumentException(
                    "the pattern is about something else than addresses, names, hashes and links");
        }
        var indicator = Indicator.listed(type, value);
        if (indicator.fault() != null) {
            throw new IllegalArgumentException("a value of the pattern " + indicator.fault());
        }
        if (found.size() == MOST) {
            throw new IllegalArgumentException("the pattern has more than " + MOST + " values");
        }
        found.add(indicator);
    }

    private boolean takes(String word) {
        skip();
        int end = at + word.length();
        boolean there = text.startsWith(word, at);
        boolean letters = Character.isLetter(word.charAt(0));
        if (!there || letters && end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            return false;
        }
        at = end;
        skip();
        return true;
    }

    private void expect(String word) {
        if (!takes(word)) {
            throw refused();
        }
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "the pattern asks for more than one of some values (at character " + (at + 1) + ")");
    }
}
