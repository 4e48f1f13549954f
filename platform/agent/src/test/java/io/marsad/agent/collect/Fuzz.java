package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Changes samples and gives them to parsers. For longer with {@code -Dmarsad.fuzz.seconds=NUMBER} for each parser. */
public final class Fuzz {
    private static final String MARKS = " =:\"'(){}[]\n\0-9fF,";
    private static final int ROUNDS = 4_000;
    private static final long SECONDS = Long.getLong("marsad.fuzz.seconds", 0);
    private final SplittableRandom random = Seed.of("FuzzTest").random();

    public Fuzz() {}

    /** Fails when a parser throws. */
    public void fuzz(List<String> samples, Consumer<byte[]> parser) {
        long given = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (given < ROUNDS || System.nanoTime() < end) {
            var bytes = samples.get(random.nextInt(samples.size())).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
                bytes = mutate(bytes);
            }
            parser.accept(bytes);
            given++;
        }
        assertThat(given).isGreaterThanOrEqualTo(ROUNDS);
        if (SECONDS > 0) {
            System.out.println("tried " + given);
        }
    }

    private byte[] mutate(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        var copy = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> copy[at] = (byte) random.nextInt();
            case 1 -> copy[at] = (byte) MARKS.charAt(random.nextInt(MARKS.length()));
            case 2 -> copy = Arrays.copyOf(bytes, at);
            case 3 -> {
                copy = Arrays.copyOf(bytes, bytes.length + Math.min(bytes.length - at, 2_000));
                System.arraycopy(bytes, at, copy, bytes.length, copy.length - bytes.length);
            }
            default -> copy = Arrays.copyOfRange(bytes, at, bytes.length);
        }
        return copy;
    }
}
