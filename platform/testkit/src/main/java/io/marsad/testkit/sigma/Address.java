package io.marsad.testkit.sigma;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An internet address as a number.
 *
 * @param bits 32 or 128
 */
public record Address(BigInteger value, int bits) {
    /**
     * A network.
     *
     * @param length of the part that counts, in bits
     */
    public record Network(Address address, int length) {
        /** @throws NotSigmaException when it is none, or has bits behind its length */
        public static Network read(String text) {
            int slash = text.indexOf('/');
            var address = Address.read(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                throw new NotSigmaException("no network: " + text);
            }
            int length = address.bits;
            if (slash >= 0) {
                var digits = text.substring(slash + 1);
                if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > address.bits) {
                    throw new NotSigmaException("no network: " + text);
                }
                length = Integer.parseInt(digits);
            }
            var host = BigInteger.ONE.shiftLeft(address.bits - length).subtract(BigInteger.ONE);
            if (address.value.and(host).signum() != 0) {
                throw new NotSigmaException("host bits set: " + text);
            }
            return new Network(address, length);
        }

        public boolean has(Address other) {
            int host = address.bits - length;
            return other.bits == address.bits && other.value.shiftRight(host).equals(address.value.shiftRight(host));
        }
    }

    /** The address, or null when the text is none. */
    public static @Nullable Address read(String text) {
        return text.contains(":") ? six(text) : four(text);
    }

    private static @Nullable Address four(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        var value = BigInteger.ZERO;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
                return null;
            }
            value = value.shiftLeft(8).add(new BigInteger(part));
        }
        return new Address(value, 32);
    }

    private static @Nullable Address six(String text) {
        int gap = text.indexOf("::");
        var head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        var tail = gap < 0 ? new ArrayList<Integer>() : groups(text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int missing = 8 - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            return null;
        }
        var all = new ArrayList<>(head);
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail);
        var value = BigInteger.ZERO;
        for (int group : all) {
            value = value.shiftLeft(16).add(BigInteger.valueOf(group));
        }
        return new Address(value, 128);
    }

    private static @Nullable List<Integer> groups(String text, boolean last) {
        var groups = new ArrayList<Integer>();
        if (text.isEmpty()) {
            return groups;
        }
        var parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                groups.add(Integer.parseInt(parts[i], 16));
                continue;
            }
            var four = last && i == parts.length - 1 ? four(parts[i]) : null;
            if (four == null) {
                return null;
            }
            groups.add(four.value.shiftRight(16).intValue());
            groups.add(four.value.intValue() & 0xffff);
        }
        return groups;
    }
}
