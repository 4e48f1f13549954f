package io.marsad.soc.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.testkit.Seed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the stream finds, the past is asked for. */
class PastCandidatesTest {
    private static final List<String> LISTED = List.of(
            "1.2.3.4",
            "10.20.30.40",
            "2001:db8::1",
            "2001:db8:0:1::5",
            "::1",
            "fe80::1",
            "64:ff9b::102:304",
            "1.2.3.0/24",
            "1.2.0.0/20",
            "1.0.0.0/8",
            "1.2.3.4/30",
            "2001:db8::/32",
            "2001:d00::/24",
            "64:ff9b::/96",
            "bad.example",
            "bücher.example",
            "http://bad.example/a/b?c=d",
            "http://bad.example",
            "https://1.2.3.4:8443/Über/x%2fy",
            "http://user@bücher.example/a",
            "some.one@bad.example",
            "some.one@bücher.example",
            "d41d8cd98f00b204e9800998ecf8427e");
    private static final List<String> ADDRESSES = List.of(
            "1.2.3.4",
            "1.2.3.5",
            "1.2.15.1",
            "10.20.30.40",
            "2001:db8::1",
            "2001:db8:0:1::5",
            "::1",
            "fe80::1",
            "64:ff9b::102:304");

    private static final Field HOST = Field.of("dst_endpoint.ip");
    private static final Field NAME = Field.of("query.hostname");
    private static final Field URL = Field.of("http_request.url.url_string");
    private static final Field MAIL = Field.of("email.from");
    private static final Field HASH = Field.of("process.file.hashes.value");

    @Test
    void whateverTheStreamFindsIsAskedFor() throws Exception {
        var seed = Seed.of("PastCandidatesTest");
        var random = seed.random();
        var found = new HashMap<String, Integer>();
        for (int round = 0; round < 60; round++) {
            var batch = batch(random);
            for (String listed : LISTED) {
                var value = Listed.Value.of("", listed);
                var asked = CompiledPredicate.of(PastCandidates.of(value));
                try (var builder = new IndicatorSetBuilder(1, round)) {
                    Sightings.add(builder, value, 0);
                    var set = builder.build();
                    var rows = new ArrayList<Integer>();
                    new IndicatorMatcher().match(set, batch, (row, _, _) -> rows.add(row));
                    set.release();
                    for (int row : rows) {
                        assertThat(asked.test(batch, row))
                                .as("%s: %s in %s", seed, listed, batch.text(batch.first(row)))
                                .isTrue();
                        found.merge(listed, 1, Integer::sum);
                    }
                }
            }
        }
        assertThat(found.keySet()).as("%s", seed).containsAll(LISTED);
    }

    private static EventBatch batch(SplittableRandom random) throws UnknownHostException {
        var batch = new EventBatch(new TenantId("past"));
        for (int row = 0; row < 400; row++) {
            batch.beginRow(new EventId(1, row), 0, row, "test");
            switch (random.nextInt(5)) {
                case 0 -> batch.add(HOST, host(random));
                case 1 -> batch.add(NAME, host(random));
                case 2 -> batch.add(URL, link(random));
                case 3 -> batch.add(MAIL, mailbox(random));
                default ->
                    batch.add(
                            HASH,
                            random.nextBoolean()
                                    ? "D41D8CD98F00B204E9800998ECF8427E"
                                    : "md5:d41d8cd98f00b204e9800998ecf8427e");
            }
            batch.endRow();
        }
        return batch;
    }

    private static String host(SplittableRandom random) throws UnknownHostException {
        if (random.nextInt(3) == 0) {
            var name = one(
                    random, "bad.example", "BAD.Example", "bücher.example", "BÜCHER.example", "xn--bcher-kva.example");
            return one(random, "", "www.", "a.b.") + name + one(random, "", ".", "");
        }
        var address = ADDRESSES.get(random.nextInt(ADDRESSES.size()));
        var bytes = InetAddress.getByName(address).getAddress();
        var spelled = bytes.length == 4 ? four(random, address, bytes) : six(random, address, bytes);
        return switch (random.nextInt(4)) {
            case 0 -> spelled.indexOf(':') < 0 ? spelled + ":443" : "[" + spelled + "]:443";
            case 1 -> spelled.indexOf(':') < 0 ? spelled : "[" + spelled + "]";
            case 2 -> spelled + "%eth0";
            default -> spelled;
        };
    }

    private static String four(SplittableRandom random, String address, byte[] b) {
        return switch (random.nextInt(4)) {
            case 0 -> "::ffff:" + address;
            case 1 -> String.format(Locale.ROOT, "::FFFF:%x%02x:%x%02x", b[0], b[1], b[2], b[3]);
            default -> address;
        };
    }

    private static String six(SplittableRandom random, String address, byte[] b) {
        var groups = new ArrayList<String>();
        boolean padded = random.nextBoolean();
        for (int i = 0; i < 16; i += 2) {
            int group = (b[i] & 255) << 8 | b[i + 1] & 255;
            groups.add(padded ? String.format(Locale.ROOT, "%04x", group) : Integer.toHexString(group));
        }
        var written = random.nextInt(3) == 0 ? address : String.join(":", groups);
        return random.nextBoolean() ? written.toUpperCase(Locale.ROOT) : written;
    }

    private static String link(SplittableRandom random) throws UnknownHostException {
        var host = random.nextInt(3) == 0
                ? host(random).replace("%eth0", "")
                : one(random, "bad.example", "bücher.example", "1.2.3.4:8443");
        if (host.chars().filter(c -> c == ':').count() > 1 && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        var path = one(
                random,
                "",
                "/",
                "/a/b?c=d",
                "/%61/b?c=d",
                "/a/b?c=d#x",
                "\\a/b?c=%64",
                "/Über/x%2Fy",
                "/%C3%9Cber/x%2fy",
                "/a");
        return one(random, "http://", "HTTP://", "https://", "") + one(random, "", "", "user@") + host + path;
    }

    private static String mailbox(SplittableRandom random) throws UnknownHostException {
        var host = one(
                random,
                "bad.example",
                "Bad.Example",
                "bücher.example",
                "xn--bcher-kva.example",
                "[1.2.3.4]",
                host(random));
        var box = one(random, "some.one", "Some.One", "other") + "@" + host;
        return one(random, box, "Some One <" + box + ">", "mailto:" + box, box);
    }

    private static String one(SplittableRandom random, String... of) {
        return of[random.nextInt(of.length)];
    }
}
