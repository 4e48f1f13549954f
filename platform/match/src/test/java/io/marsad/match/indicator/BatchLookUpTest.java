package io.marsad.match.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.Network;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch is looked up in two steps: the same is found as when each value is asked for alone. */
class BatchLookUpTest {
    private final IndicatorMatcher matcher = new IndicatorMatcher();
    private final IndicatorMatcher alone = new IndicatorMatcher();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void sameAsOneByOne(long seed) {
        var random = new SplittableRandom(seed);
        var pool = pool(random);
        try (var builder = new IndicatorSetBuilder(random.nextLong(), random.nextLong())) {
            list(builder, pool, random, seed);
            var set = builder.build();
            long told = 0;
            for (int round = 0; round < 40; round++) {
                var batch = new EventBatch(new TenantId("acme"));
                var expected = new TreeSet<String>();
                for (int row = 0; row < 1 + random.nextInt(200); row++) {
                    batch.beginRow(new EventId(1, row), 0, -1, "test");
                    for (int n = random.nextInt(8); n > 0; n--) {
                        add(set, batch, row, pool.get(random.nextInt(pool.size())), random.nextInt(5), expected);
                    }
                    batch.endRow();
                }
                var found = new TreeSet<String>();
                int count = matcher.match(set, batch, (row, entry, id) -> found.add(row + "/" + entry + "=" + id));
                assertThat(found).as("seed %d, round %d", seed, round).isEqualTo(expected);
                assertThat(count).isEqualTo(expected.size());
                told += count;
            }
            assertThat(told).as("seed %d", seed).isPositive();
            set.release();
        }
    }

    /** With the last seed nothing but networks is listed, with the one before nothing but values. */
    private static void list(IndicatorSetBuilder builder, List<String> pool, SplittableRandom random, long seed) {
        for (int i = 0; i < pool.size() && seed != 6; i++) {
            var value = pool.get(i);
            if (random.nextInt(9) == 0) {
                var type = Character.isDigit(value.charAt(0)) ? IndicatorType.IP : IndicatorType.DOMAIN;
                builder.add(type, value, 2 * i);
                builder.add(IndicatorType.URL, "http://" + value + "/", 2 * i + 1);
            }
            if (random.nextInt(9) == 0) {
                builder.add(IndicatorType.HASH, hash(value), 100_000 + i);
                builder.add(IndicatorType.EMAIL, "me@" + value, 200_000 + i);
            }
        }
        if (seed != 5) {
            builder.add(Network.parse("10.7.0.0/16"), 300_000);
            builder.add(Network.parse("2001:db8:7::/48"), 300_001);
        }
    }

    private static List<String> pool(SplittableRandom random) {
        var pool = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            pool.add("10." + random.nextInt(10) + "." + random.nextInt(256) + "." + random.nextInt(256));
            pool.add("2001:db8:" + random.nextInt(9) + "::" + Integer.toHexString(random.nextInt(1, 1 << 16)));
            pool.add("n" + random.nextInt(500) + ".evil" + random.nextInt(30) + ".com");
            pool.add("evil" + random.nextInt(30) + ".com");
            pool.add("a.b.c." + "d".repeat(random.nextInt(1, 60)) + ".example.org");
        }
        return pool;
    }

    private static String hash(String value) {
        return String.format("%064x", value.hashCode() & 0xFFFF_FFFFL);
    }

    private void add(IndicatorSet set, EventBatch batch, int row, String value, int what, TreeSet<String> expected) {
        int entry = batch.end(batch.rows());
        boolean literal = value.indexOf(':') >= 0;
        switch (what) {
            case 0 -> batch.add(Field.of("dst_endpoint.ip"), value);
            case 1 -> batch.add(Field.of("query.hostname"), value);
            case 2 -> {
                batch.add(Field.of("process.file.hashes.value"), hash(value));
                expect(expected, row, entry, find(set, IndicatorType.HASH, hash(value)));
            }
            case 3 -> {
                var url = "http://" + (literal ? "[" + value + "]" : value) + "/";
                batch.add(Field.of("http_request.url.url_string"), url);
                expect(expected, row, entry, find(set, IndicatorType.URL, url));
            }
            default -> {
                batch.add(Field.of("actor.user.email_addr"), "me@" + value);
                expect(expected, row, entry, find(set, IndicatorType.EMAIL, "me@" + value));
            }
        }
        if (what != 2) {
            boolean address = literal || Character.isDigit(value.charAt(0));
            expect(expected, row, entry, find(set, address ? IndicatorType.IP : IndicatorType.DOMAIN, value));
        }
    }

    private static void expect(TreeSet<String> expected, int row, int entry, int indicator) {
        if (indicator != IndicatorSet.NONE) {
            expected.add(row + "/" + entry + "=" + indicator);
        }
    }

    private int find(IndicatorSet set, IndicatorType type, String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return alone.find(set, type, bytes, 0, bytes.length);
    }
}
