package io.marsad.store.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written: little endian, numbers of variable length with seven bits a byte. */
final class Sink {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    byte[] bytes;
    int size;

    Sink(int expected) {
        bytes = new byte[expected];
    }

    void clear() {
        size = 0;
    }

    void ensure(int more) {
        long need = (long) size + more;
        if (need > bytes.length) {
            if (need > Integer.MAX_VALUE - 64) {
                throw new IllegalStateException("a block holds less than 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(need, bytes.length * 2L)));
        }
    }

    void putByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    void putInt(int value) {
        ensure(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    void putLong(long value) {
        ensure(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    void setInt(int at, int value) {
        INT.set(bytes, at, value);
    }

    void putVar(long value) {
        ensure(10);
        if ((value & ~0x7FL) == 0) { // most are
            bytes[size++] = (byte) value;
            return;
        }
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Small numbers of either sign stay short. */
    void putSigned(long value) {
        putVar((value << 1) ^ (value >> 63));
    }

    void put(byte[] from, int offset, int length) {
        ensure(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void putText(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVar(utf8.length);
        put(utf8, 0, utf8.length);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
