package io.marsad.api.platform;

import java.util.function.Supplier;

/**
 * Something that the process needs, as {@code /ready} shows it.
 *
 * @param state asked at most once a second, by one thread at a time; quick, and says nothing that strangers may not read
 */
public record Check(String name, Supplier<State> state) {

    /** How well it does. */
    public enum Level {
        OK,
        DEGRADED,
        DOWN
    }

    /**
     * How it is now.
     *
     * @param detail a few words, or empty
     */
    public record State(Level level, String detail) {
        public static final State OK = new State(Level.OK, "");

        public static State degraded(String detail) {
            return new State(Level.DEGRADED, detail);
        }

        public static State down(String detail) {
            return new State(Level.DOWN, detail);
        }
    }
}
