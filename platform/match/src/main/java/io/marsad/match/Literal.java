package io.marsad.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text that has to stand somewhere in a folded value. */
record Literal(Place place, byte[] bytes) {
    /** Where. */
    enum Place {
        WHOLE,
        START,
        END,
        INSIDE
    }

    static Literal of(Place place, String text) {
        return new Literal(place, CaseFolding.fold(text).getBytes(StandardCharsets.UTF_8));
    }

    /** True when the literal stands where it should in the value. */
    boolean in(byte[] b, int from, int length) {
        int n = bytes.length;
        if (n > length) {
            return false;
        }
        return switch (place) {
            case WHOLE -> n == length && equalAt(b, from);
            case START -> equalAt(b, from);
            case END -> equalAt(b, from + length - n);
            case INSIDE -> Bytes.indexOf(b, from, length, bytes) >= 0;
        };
    }

    private boolean equalAt(byte[] b, int at) {
        return Arrays.equals(b, at, at + bytes.length, bytes, 0, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Literal(Place p, byte[] b) && p == place && Arrays.equals(b, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + place.hashCode();
    }

    @Override
    public String toString() {
        return place + " '" + new String(bytes, StandardCharsets.UTF_8) + "'";
    }
}
