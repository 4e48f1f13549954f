package io.marsad.soc.indicator;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.Network;
import io.marsad.match.indicator.IndicatorFields;
import io.marsad.match.indicator.IndicatorFields.Holds;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the store is asked for a listed value: true of every event that the stream would find it in, and of few others. Each
 * question has a text that the value cannot be written without, because the store passes over blocks that do not have it:
 * asked for a network alone, it would read every address.
 */
final class PastCandidates {
    private static final int GROUPS = 8;
    private static final int TELLING = 3;

    private final List<Predicate> any = new ArrayList<>();

    private PastCandidates() {}

    static Predicate of(Listed.Value value) {
        var candidates = new PastCandidates();
        var text = value.text();
        switch (value.type()) {
            case "ip" -> candidates.address(text, text.indexOf(':') < 0);
            case Listed.Value.NETWORK -> {
                if (text.indexOf(':') < 0) {
                    candidates.network4(text);
                } else {
                    candidates.six(text);
                }
            }
            case "domain" -> candidates.name(text);
            case "hash" ->
                candidates.each(
                        Holds.HASHES, field -> glob(field, Glob.literal(text).withStars(true, true)));
            case "url" -> candidates.link(text);
            case "email" -> candidates.mailbox(text);
            default -> throw new IllegalArgumentException("no type: " + value.type());
        }
        return new Predicate.Or(candidates.any);
    }

    private void address(String text, boolean four) {
        if (!four) {
            six(text + "/128");
            return;
        }
        each(Holds.HOSTS, field -> glob(field, Glob.contains(text)));
        mapped(text, 32);
        inLinks(text);
    }

    /** IPv4 in an IPv6 address, the last of it in hexadecimal digits. */
    private void mapped(String first, int bits) {
        var network = "::ffff:" + first + "/" + (96 + bits);
        each(Holds.HOSTS, field -> {
            var inside = within(field, network, "[");
            return new Predicate.And(List.of(glob(field, Glob.contains("ffff:")), inside));
        });
        var bracket = Glob.contains("[");
        each(
                Holds.URLS,
                field -> new Predicate.And(List.of(glob(field, Glob.contains("ffff:")), glob(field, bracket))));
        each(Holds.MAILBOXES, field -> glob(field, Glob.contains("ffff:")));
    }

    /** An address of the network, or one with a port, brackets or a zone around it, which the network does not tell. */
    private static Predicate within(Field field, String network, String sign) {
        return new Predicate.Or(List.of(
                new Predicate.Cidr(field, network), glob(field, Glob.contains(sign)), glob(field, Glob.contains("%"))));
    }

    private void network4(String text) {
        int slash = text.indexOf('/');
        int bits = Integer.parseInt(text.substring(slash + 1));
        var whole = new StringBuilder();
        var parts = text.substring(0, slash).split("\\.", -1);
        for (int i = 0; i < bits / 8; i++) {
            whole.append(parts[i]).append('.');
        }
        var begin = whole.toString();
        each(Holds.HOSTS, field -> {
            var inside = within(field, text, ":");
            var begins = glob(field, Glob.literal(begin).withStars(false, true));
            return new Predicate.And(List.of(begins, inside));
        });
        mapped(text.substring(0, slash), bits);
        for (var holds : List.of(Holds.URLS, Holds.MAILBOXES)) {
            each(holds, field -> glob(field, Glob.literal(begin).withStars(false, true)));
            each(holds, field -> glob(field, Glob.contains("/" + begin)));
            each(holds, field -> glob(field, Glob.contains("@" + begin)));
            each(holds, field -> glob(field, Glob.contains("[" + begin)));
        }
    }

    /** The groups of 16 bits that are fixed and not zero stand in every spelling, but the last two may be of IPv4. */
    private void six(String network) {
        var parsed = Network.parse(network);
        var groups = new ArrayList<String>();
        for (int g = 0; g < GROUPS - 2 && 16 * (g + 1) <= parsed.bits(); g++) {
            long group = (g < 4 ? parsed.high() : parsed.low()) >>> 48 - 16 * (g & 3) & 0xFFFF;
            var text = Long.toHexString(group) + ":";
            if (group != 0 && text.length() >= TELLING) {
                groups.add(text);
            }
        }
        each(Holds.HOSTS, field -> {
            var all = new ArrayList<Predicate>();
            groups.forEach(group -> all.add(glob(field, Glob.contains(group))));
            all.add(glob(field, Glob.contains(":")));
            all.add(within(field, network, "["));
            return new Predicate.And(all);
        });
        inside(Holds.URLS, groups, "[");
        inside(Holds.MAILBOXES, groups, ":");
    }

    private void inside(Holds holds, List<String> groups, String sign) {
        each(holds, field -> {
            var all = new ArrayList<Predicate>();
            groups.forEach(group -> all.add(glob(field, Glob.contains(group))));
            all.add(glob(field, Glob.contains(sign)));
            return new Predicate.And(all);
        });
    }

    private void name(String text) {
        for (String spelling : spellings(text)) {
            each(Holds.HOSTS, field -> glob(field, Glob.contains(spelling)));
            inLinks(spelling);
        }
    }

    private void inLinks(String host) {
        each(Holds.URLS, field -> glob(field, Glob.contains(host)));
        each(Holds.MAILBOXES, field -> glob(field, Glob.contains(host)));
    }

    /** As it is compared, and in the letters that it stands for. */
    private static List<String> spellings(String name) {
        var letters = name.contains("xn--") ? IDN.toUnicode(name) : name;
        return letters.equals(name) ? List.of(name) : List.of(name, letters);
    }

    /** Of many links of one host those that have its path, or write something in it as a number. */
    private void link(String url) {
        int from = url.indexOf("://") + 3;
        var authority = url.substring(from, end(url, from));
        var host = host(authority);
        var path = plain(url.substring(from + authority.length()));
        for (String spelling : spellings(host)) {
            each(Holds.URLS, field -> {
                var written =
                        new Predicate.Or(List.of(glob(field, Glob.contains(path)), glob(field, Glob.contains("%"))));
                var there = glob(field, Glob.contains(spelling));
                return path.isEmpty() ? there : new Predicate.And(List.of(there, written));
            });
        }
    }

    /** The longest run of it that has no sign that may be written in more than one way, but for {@code %}. */
    private static String plain(String path) {
        var longest = "";
        for (String run : path.split("[^A-Za-z0-9._~=&?-]+", -1)) {
            longest = run.length() > longest.length() ? run : longest;
        }
        return longest;
    }

    private void mailbox(String text) {
        int at = text.lastIndexOf('@');
        for (String spelling : spellings(text.substring(at + 1))) {
            each(Holds.MAILBOXES, field -> glob(field, Glob.contains(text.substring(0, at + 1) + spelling)));
        }
    }

    private void each(Holds what, Function<Field, Predicate> of) {
        IndicatorFields.known(what).forEach(field -> any.add(of.apply(field)));
    }

    private static Predicate glob(Field field, Glob glob) {
        return new Predicate.Text(field, glob, false);
    }

    private static int end(String url, int from) {
        int end = from;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Without a name before it and a port behind it. */
    private static String host(String authority) {
        var bare = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = bare.startsWith("[") ? bare.indexOf(']') + 1 : bare.indexOf(':');
        return colon > 0 && colon < bare.length() ? bare.substring(0, colon) : bare;
    }
}
