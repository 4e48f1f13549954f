package io.marsad.store.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes being read, as {@link Sink} wrote them; reading past the end is damage. */
final class Source {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    Source(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    Source(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    int position() {
        return at;
    }

    int left() {
        return end - at;
    }

    int getByte() throws DamagedException {
        need(1);
        return bytes[at++] & 0xff;
    }

    int getInt() throws DamagedException {
        need(4);
        at += 4;
        return (int) INT.get(bytes, at - 4);
    }

    long getLong() throws DamagedException {
        need(8);
        at += 8;
        return (long) LONG.get(bytes, at - 8);
    }

    long getVar() throws DamagedException {
        if (at < end && bytes[at] >= 0) {
            return bytes[at++];
        }
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = getByte();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new DamagedException("a number has no end");
    }

    long getSigned() throws DamagedException {
        long value = getVar();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A count or length that cannot sensibly be more than {@code max}. */
    int getCount(int max) throws DamagedException {
        long value = getVar();
        if (value < 0 || value > max) {
            throw new DamagedException("a count of " + value + " where at most " + max + " are possible");
        }
        return (int) value;
    }

    String getText() throws DamagedException {
        int length = getCount(end - at);
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    /** Steps over bytes and returns where they are. */
    int skip(int length) throws DamagedException {
        need(length);
        at += length;
        return at - length;
    }

    private void need(int length) throws DamagedException {
        if (length < 0 || length > end - at) {
            throw new DamagedException("the data ends too early");
        }
    }
}
