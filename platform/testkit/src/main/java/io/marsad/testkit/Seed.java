package io.marsad.testkit;

import java.util.SplittableRandom;

/**
 * The seed of a random test, printed so that a failure can be had again: {@code -Dmarsad.seed=NUMBER}.
 *
 * @param value the number
 */
public record Seed(long value) {
    /** A new seed, or the one that the system property names as a number. */
    public static Seed of(String test) {
        var seed = new Seed(Long.getLong("marsad.seed", System.nanoTime()));
        System.out.println(test + ": -Dmarsad.seed=" + seed.value);
        return seed;
    }

    public SplittableRandom random() {
        return new SplittableRandom(value);
    }
}
