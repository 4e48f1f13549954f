package io.marsad.match.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class IndicatorPartsTest {
    /** The slow one of this test gives what the paper's authors print for SipHash-2-4-128; ours, what it gives for 1-3. */
    @Test
    void sipHashIsTheReference() {
        long k0 = 0x0706050403020100L;
        long k1 = 0x0f0e0d0c0b0a0908L;
        assertThat(sipHash(2, 4, k0, k1, new byte[0]))
                .containsExactly(Long.reverseBytes(0xa3817f04ba25a8e6L), Long.reverseBytes(0x6df67214c7550293L));
        assertThat(sipHash(2, 4, k0, k1, new byte[1]))
                .containsExactly(Long.reverseBytes(0xda87c1d86b99af44L), Long.reverseBytes(0x347659119b22fc45L));
        var random = new SplittableRandom(11);
        var input = new byte[200];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(input);
            var ours = new SipHash(random.nextLong(), random.nextLong());
            int from = random.nextInt(100);
            int length = random.nextInt(i % 10 == 0 ? 100 : 20);
            var wanted = sipHash(1, 3, ours.k0(), ours.k1(), Arrays.copyOfRange(input, from, from + length));
            assertThat(new long[] {ours.first(input, from, length), ours.second(input, from, length)})
                    .as("%d bytes", length)
                    .containsExactly(wanted);
        }
    }

    private static long[] sipHash(int wordRounds, int lastRounds, long k0, long k1, byte[] input) {
        long[] v = {
            k0 ^ 0x736f6d6570736575L,
            k1 ^ 0x646f72616e646f6dL ^ 0xee,
            k0 ^ 0x6c7967656e657261L,
            k1 ^ 0x7465646279746573L
        };
        var padded = Arrays.copyOf(input, input.length / 8 * 8 + 8);
        padded[padded.length - 1] = (byte) input.length;
        var words = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
        while (words.hasRemaining()) {
            long word = words.getLong();
            v[3] ^= word;
            rounds(v, wordRounds);
            v[0] ^= word;
        }
        v[2] ^= 0xee;
        rounds(v, lastRounds);
        long first = v[0] ^ v[1] ^ v[2] ^ v[3];
        v[1] ^= 0xdd;
        rounds(v, lastRounds);
        return new long[] {first, v[0] ^ v[1] ^ v[2] ^ v[3]};
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            mix(v, 0, 1, 13, 32);
            mix(v, 2, 3, 16, 0);
            mix(v, 2, 1, 17, 32);
            mix(v, 0, 3, 21, 0);
        }
    }

    private static void mix(long[] v, int sum, int turned, int by, int then) {
        v[sum] += v[turned];
        v[turned] = Long.rotateLeft(v[turned], by) ^ v[sum];
        v[sum] = Long.rotateLeft(v[sum], then);
    }

    @Test
    void theFilterKnowsItsKeysAndFewOthers() {
        var random = new SplittableRandom(5);
        for (int count : new int[] {1, 2, 3, 10, 1_000, 200_000}) {
            try (var arena = Arena.ofConfined()) {
                var keys = arena.allocate(count * 16L, 8);
                for (int i = 0; i < count; i++) {
                    keys.set(ValueLayout.JAVA_LONG, i * 16L, random.nextLong());
                }
                var filter = Objects.requireNonNull(FuseFilter.of(keys, count, arena));
                for (int i = 0; i < count; i++) {
                    assertThat(filter.mayContain(keys.get(ValueLayout.JAVA_LONG, i * 16L)))
                            .isTrue();
                }
                int wrong = 0;
                for (int i = 0; i < 100_000; i++) {
                    wrong += filter.mayContain(random.nextLong()) ? 1 : 0;
                }
                assertThat(wrong).as("of %d keys", count).isLessThan(100_000 / 256 * 2);
                assertThat(filter.bytes()).isLessThan(count * 5L / 4 + (count < 100_000 ? 2_000 : 0));
            }
        }
    }

    @Test
    void aFilterOfEqualKeysIsNone() {
        try (var arena = Arena.ofConfined()) {
            var keys = arena.allocate(10 * 16L, 8);
            for (int i = 0; i < 10; i++) {
                keys.set(ValueLayout.JAVA_LONG, i * 16L, i / 2 * 0x9E3779B97F4A7C15L);
            }
            assertThat(FuseFilter.of(keys, 10, arena)).isNull();
        }
    }

    /** Each set lists one number's values under the number: a reader sees one set whole, whatever is swapped meanwhile. */
    @Test
    void setsAreSwappedUnderReaders() throws Exception {
        var stop = new AtomicBoolean();
        var current = new CurrentIndicators(numbered(0));
        var first = current.borrow();
        first.release();
        try (var threads = Executors.newFixedThreadPool(3)) {
            var readers = new ArrayList<Future<Long>>();
            for (int reader = 0; reader < 3; reader++) {
                readers.add(threads.submit(reading(current, stop)));
            }
            for (int number = 1; number <= 300; number++) {
                current.swap(numbered(number));
            }
            stop.set(true);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        assertThat(first.hold()).as("the first set's memory is freed").isFalse();
        var last = current.borrow();
        current.close();
        assertThat(new IndicatorMatcher().find(last, IndicatorType.DOMAIN, name(5), 0, name(5).length))
                .isEqualTo(300);
        last.release();
        assertThatThrownBy(current::borrow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(last::release).isInstanceOf(IllegalStateException.class);
    }

    private static Callable<Long> reading(CurrentIndicators current, AtomicBoolean stop) {
        return () -> {
            var matcher = new IndicatorMatcher();
            long batches = 0;
            do {
                var set = current.borrow();
                try {
                    int number = matcher.find(set, IndicatorType.DOMAIN, name(0), 0, name(0).length);
                    for (int i = 1; i < 100; i++) {
                        assertThat(matcher.find(set, IndicatorType.DOMAIN, name(i), 0, name(i).length))
                                .isEqualTo(number);
                    }
                } finally {
                    set.release();
                }
                batches++;
            } while (!stop.get());
            return batches;
        };
    }

    private static IndicatorSet numbered(int number) {
        try (var builder = new IndicatorSetBuilder(number, 1)) {
            for (int i = 0; i < 100; i++) {
                builder.add(IndicatorType.DOMAIN, name(i), 0, name(i).length, number);
            }
            return builder.build();
        }
    }

    private static byte[] name(int i) {
        return ("host" + i + ".example").getBytes(StandardCharsets.UTF_8);
    }
}
