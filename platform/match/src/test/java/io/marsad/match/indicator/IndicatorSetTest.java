package io.marsad.match.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.Network;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndicatorSetTest {
    private static final String HEX = "0123456789abcdef";

    private final IndicatorMatcher matcher = new IndicatorMatcher();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 100, 5_000, 30_000})
    void findsWhatIsListedAndNothingElse(int count) {
        long seed = 20_261_122L + count;
        var random = new SplittableRandom(seed);
        var listed = new HashMap<String, Integer>();
        try (var builder = new IndicatorSetBuilder(random.nextLong(), random.nextLong())) {
            for (int id = 0; id < count; id++) {
                var type = type(random);
                var value = value(type, random);
                int number = random.nextInt(count);
                listed.merge(type + value, number, Math::min);
                assertThat(builder.add(type, value, number)).as(value).isTrue();
            }
            var set = builder.build();
            assertThat(set.size()).isEqualTo(listed.size());
            for (var one : listed.entrySet()) {
                var type = typeOf(one.getKey());
                var value = one.getKey().substring(type.name().length());
                assertThat(find(set, type, value))
                        .as("seed %d: %s", seed, value)
                        .isEqualTo(one.getValue());
                assertThat(find(set, type, spelled(type, value, random)))
                        .as("seed %d: %s", seed, value)
                        .isEqualTo(one.getValue());
                misses(set, type, value, listed, random, seed);
            }
            for (int i = 0; i < 20_000; i++) {
                var type = type(random);
                var value = value(type, random);
                assertThat(find(set, type, value))
                        .as("seed %d: %s", seed, value)
                        .isEqualTo(expected(listed, type, value));
            }
            set.release();
        }
    }

    private void misses(
            IndicatorSet set,
            IndicatorType type,
            String value,
            Map<String, Integer> listed,
            SplittableRandom random,
            long seed) {
        var near = new ArrayList<String>();
        int at = random.nextInt(value.length());
        near.add(value.substring(0, at) + value.substring(at + 1));
        near.add(value.substring(0, value.length() - 1));
        near.add(value + (type == IndicatorType.IP ? "1" : "x"));
        near.add(type == IndicatorType.DOMAIN ? "x" + value : "7" + value);
        for (String other : near) {
            var same = canonical(type, other);
            if (same != null) {
                assertThat(find(set, type, other))
                        .as("seed %d: %s", seed, other)
                        .isEqualTo(expected(listed, type, same));
            }
        }
        for (IndicatorType other : IndicatorType.values()) {
            if (other != type && canonical(other, value) != null) {
                assertThat(find(set, other, value))
                        .as("seed %d: %s", seed, value)
                        .isEqualTo(expected(listed, other, value));
            }
        }
    }

    /** Null where the slow way of this test cannot tell what the value means. */
    private static @Nullable String canonical(IndicatorType type, String value) {
        return switch (type) {
            case DOMAIN -> value.matches("[a-z0-9.]*[a-z0-9]") ? value : null;
            case EMAIL -> value.matches("[a-z0-9.]+@[a-z0-9.]*[a-z0-9]") ? value : null;
            case HASH, URL -> value.startsWith("http://") || value.matches("[0-9a-f]+") ? value : null;
            case IP -> value.indexOf(':') < 0 ? value : null;
        };
    }

    private static int expected(Map<String, Integer> listed, IndicatorType type, String value) {
        var rest = value;
        while (true) {
            var id = listed.get(type + rest);
            int dot = rest.indexOf('.');
            if (id != null || type != IndicatorType.DOMAIN || dot < 0 || rest.indexOf('.', dot + 1) < 0) {
                return id == null ? IndicatorSet.NONE : id;
            }
            rest = rest.substring(dot + 1);
        }
    }

    private static IndicatorType type(SplittableRandom random) {
        return IndicatorType.values()[random.nextInt(IndicatorType.values().length)];
    }

    private static IndicatorType typeOf(String key) {
        for (IndicatorType type : IndicatorType.values()) {
            if (key.startsWith(type.name())) {
                return type;
            }
        }
        throw new AssertionError(key);
    }

    private static String value(IndicatorType type, SplittableRandom random) {
        return switch (type) {
            case IP ->
                random.nextInt(3) > 0
                        ? "10." + random.nextInt(3) + "." + random.nextInt(256) + "." + random.nextInt(256)
                        : "2001:db8::" + Integer.toHexString(1 + random.nextInt(0xFFFF));
            case DOMAIN -> domain(random);
            case HASH -> {
                var text = new StringBuilder();
                int size = new int[] {32, 40, 64}[random.nextInt(3)];
                random.ints(size, 0, 16).forEach(d -> text.append(HEX.charAt(d)));
                yield text.toString();
            }
            case URL -> "http://" + domain(random) + "/a" + random.nextInt(50) + "?Q=" + random.nextInt(50);
            case EMAIL -> "u" + random.nextInt(200) + "@" + domain(random);
        };
    }

    private static String domain(SplittableRandom random) {
        var text = new StringBuilder();
        for (int labels = random.nextInt(4); labels > 0; labels--) {
            text.append((char) ('a' + random.nextInt(20))).append('.');
        }
        return text.append("d")
                .append(random.nextInt(300))
                .append(random.nextBoolean() ? ".com" : ".co.uk")
                .toString();
    }

    /** The same, as it might stand in an event. */
    private static String spelled(IndicatorType type, String value, SplittableRandom random) {
        var upper = value.toUpperCase(Locale.ROOT);
        return switch (type) {
            case IP ->
                value.indexOf(':') < 0
                        ? List.of("::ffff:" + value, value + ":443", " " + value, "[::FFFF:" + value + "]:80")
                                .get(random.nextInt(4))
                        : "[" + upper.replace("::", ":0:0:0:0:0:") + "%eth0]:8080";
            case DOMAIN -> random.nextBoolean() ? upper + "." : value;
            case HASH -> random.nextBoolean() ? upper : "SHA256:" + upper;
            case URL -> "HTTP://" + value.substring(7).replace("/a", ":80/%61") + "#top";
            case EMAIL -> random.nextBoolean() ? "Someone <" + upper + ">" : "mailto:" + upper;
        };
    }

    private int find(IndicatorSet set, IndicatorType type, String value) {
        var bytes = ("\u0001\u0002" + value + "zz").getBytes(StandardCharsets.UTF_8);
        return matcher.find(set, type, bytes, 2, bytes.length - 4);
    }

    @Test
    void addressesAreFoundInTheSmallestNetwork() {
        long seed = 7;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            var networks = new ArrayList<Network>();
            boolean six = random.nextBoolean();
            try (var builder = new IndicatorSetBuilder(1, random.nextLong())) {
                for (int id = 0; id < 1 + random.nextInt(40); id++) {
                    // Few addresses and long prefixes at both ends, so that networks nest and touch.
                    long low = (random.nextBoolean() ? 0xFFFF_FF00L : 0) + random.nextInt(256);
                    int bits = random.nextInt(8) == 0 ? 0 : 23 + random.nextInt(10);
                    var network = six
                            ? new Network(6, 0x2001_0db8_0000_0000L, low, 128).within(bits == 0 ? 0 : bits + 96)
                            : new Network(4, 0, low, 32).within(bits);
                    networks.add(network);
                    builder.add(network, id);
                }
                var set = builder.build();
                var asked = new TreeSet<Long>(List.of(0L, 0xFFFF_FFFFL));
                for (Network network : networks) {
                    long size = 1L << (network.version() == 4 ? 32 : 128) - Math.max(network.bits(), six ? 97 : 1);
                    for (long border : new long[] {network.low(), network.low() + size}) {
                        asked.addAll(List.of(
                                (border - 1) & 0xFFFF_FFFFL, border & 0xFFFF_FFFFL, (border + 1) & 0xFFFF_FFFFL));
                    }
                }
                for (long low : asked) {
                    var text = (low >> 24) + "." + (low >> 16 & 255) + "." + (low >> 8 & 255) + "." + (low & 255);
                    var address = six ? "2001:db8::" + text : text;
                    assertThat(find(set, IndicatorType.IP, address))
                            .as("seed %d, round %d: %s in %s", seed, round, address, networks)
                            .isEqualTo(smallest(networks, low, six));
                }
                set.release();
            }
        }
    }

    private static int smallest(List<Network> networks, long low, boolean six) {
        int found = IndicatorSet.NONE;
        for (int i = 0; i < networks.size(); i++) {
            var network = networks.get(i);
            var own = new Network(network.version(), six ? 0x2001_0db8_0000_0000L : 0, low, six ? 128 : 32);
            boolean inside = own.within(network.bits()).equals(network);
            if (inside && (found < 0 || network.bits() > networks.get(found).bits())) {
                found = i;
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "IP, 1.2.3.4, 01.2.3.4, false",
        "IP, 1.2.3.4, ::ffff:102:304, true",
        "IP, 1.2.3.4, 1.2.3.4.5, false",
        "IP, 1.2.3.4, 1.2.3.4:99999, false",
        "DOMAIN, evil.com, a.b.evil.com, true",
        "DOMAIN, evil.com, notevil.com, false",
        "DOMAIN, evil.com, evil.com.org, false",
        "DOMAIN, com, evil.com, false",
        "DOMAIN, com, com, true",
        "DOMAIN, bücher.example, WWW.BÜCHER.example, true",
        "DOMAIN, xn--bcher-kva.example, bücher.example, true",
        "URL, https://evil.com/, https://EVIL.com:443, true",
        "URL, https://evil.com/, http://evil.com/, false",
        "URL, http://evil.com/A, http://evil.com/a, false",
        "URL, http://evil.com/%2F, http://evil.com/%2f, true",
        "URL, http://evil.com/%2F, http://evil.com//, false",
        "URL, 'http://[2001:db8::1]:8080/', 'http://[2001:DB8:0::1]:08080\\', true",
        "URL, http://evil.com/, ftp://evil.com/, false",
        "EMAIL, a@evil.com, A@Evil.com, true",
        "EMAIL, a@evil.com, b@evil.com, false"
    })
    void spellings(IndicatorType type, String listed, String seen, boolean same) {
        try (var builder = new IndicatorSetBuilder(1, 2)) {
            assertThat(builder.add(type, listed, 5)).isTrue();
            var set = builder.build();
            assertThat(find(set, type, seen)).isEqualTo(same ? 5 : IndicatorSet.NONE);
            set.release();
        }
    }

    @Test
    void anEventIsLookedUpByWhatItsFieldsMean() {
        try (var builder = new IndicatorSetBuilder(3, 4)) {
            builder.add(IndicatorType.DOMAIN, "evil.com", 1);
            builder.add(Network.parse("203.0.113.0/24"), 2);
            builder.add(IndicatorType.HASH, "d41d8cd98f00b204e9800998ecf8427e", 3);
            builder.add(IndicatorType.URL, "http://x.evil.com/p", 4);
            builder.add(IndicatorType.EMAIL, "boss@evil.com", 5);
            var set = builder.build();
            var batch = new EventBatch(new TenantId("acme"));
            var expected = new TreeSet<String>();
            batch.beginRow(new EventId(1, 1), 0, -1, "test");
            entry(batch, expected, "process.cmd_line", "ping evil.com");
            entry(batch, expected, "dst_endpoint.ip", "203.0.113.9", 2);
            entry(batch, expected, "device.ip", "203.0.113.9");
            entry(batch, expected, "unmapped.ip", "203.0.113.9");
            entry(batch, expected, "query.hostname", "A.EVIL.com", 1);
            entry(batch, expected, "answers.rdata", "203.0.113.255", 2);
            entry(batch, expected, "process.file.hashes.value", "D41D8CD98F00B204E9800998ECF8427E", 3);
            entry(batch, expected, "http_request.url.url_string", "http://x.evil.com/p", 1, 4);
            entry(batch, expected, "http_request.url.url_string", "http://203.0.113.1/", 2);
            entry(batch, expected, "email.from", "Boss <boss@EVIL.com>", 1, 5);
            entry(batch, expected, "src_endpoint.hostname", "198.51.100.1");
            batch.endRow();
            var found = new TreeSet<String>();
            int told = matcher.match(set, batch, (row, entry, id) -> found.add(entry + "=" + id));
            assertThat(found).isEqualTo(expected);
            assertThat(told).isEqualTo(expected.size());
            set.release();
        }
    }

    private static void entry(EventBatch batch, TreeSet<String> expected, String field, String value, int... ids) {
        int entry = batch.end(batch.rows());
        batch.add(Field.of(field), value);
        for (int id : ids) {
            expected.add(entry + "=" + id);
        }
    }

    @Test
    void anyBytesAreTaken() {
        long seed = 99;
        var random = new SplittableRandom(seed);
        var pieces = List.of(
                "http://", "[", "]", ":", "::", "@", ".", "%2", "%41", "<", ">", "mailto:", "*.", "\\", "#", "?", "1",
                "255", "a", "Z", "é", "\u3002", " ", "\u0000", "ffff", "/", "%", "99999", "\uD800", "xn--");
        try (var builder = new IndicatorSetBuilder(3, 4)) {
            builder.add(IndicatorType.DOMAIN, "evil.com", 1);
            var set = builder.build();
            for (int i = 0; i < 100_000; i++) {
                var text = new StringBuilder();
                for (int n = random.nextInt(12); n > 0; n--) {
                    text.append(pieces.get(random.nextInt(pieces.size())));
                }
                var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                var type = type(random);
                assertThat(matcher.find(set, type, bytes, 0, bytes.length))
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(IndicatorSet.NONE);
            }
            var endless = "a.".repeat(5_000).getBytes(StandardCharsets.UTF_8);
            for (IndicatorType type : IndicatorType.values()) {
                for (int length = 0; length <= endless.length; length += length < 700 ? 1 : 97) {
                    assertThat(matcher.find(set, type, endless, 0, length)).isEqualTo(IndicatorSet.NONE);
                }
            }
            assertThatThrownBy(() -> new IndicatorSetBuilder(1, 2).add(IndicatorType.IP, "1.1.1.1", -1))
                    .isInstanceOf(IllegalArgumentException.class);
            set.release();
        }
    }
}
