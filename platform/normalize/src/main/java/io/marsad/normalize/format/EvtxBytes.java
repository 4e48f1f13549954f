package io.marsad.normalize.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A chunk's bytes, little-endian, every access bounded. */
final class EvtxBytes {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] b;

    EvtxBytes(byte[] bytes) {
        b = bytes;
    }

    void need(int at, int length) throws MalformedRecordException {
        if (at < 0 || length < 0 || length > b.length - at) {
            throw new MalformedRecordException("an offset points out of the chunk");
        }
    }

    int u8(int at) throws MalformedRecordException {
        need(at, 1);
        return b[at] & 0xFF;
    }

    int u16(int at) throws MalformedRecordException {
        need(at, 2);
        return (short) SHORT.get(b, at) & 0xFFFF;
    }

    int i32(int at) throws MalformedRecordException {
        need(at, 4);
        return (int) INT.get(b, at);
    }

    /** As {@link #i32}, where there always is one. */
    int i32OrZero(int at) {
        return at + 4 > b.length ? 0 : (int) INT.get(b, at);
    }

    /** A size or offset: refused when it cannot be inside a chunk. */
    int size(int at) throws MalformedRecordException {
        int value = i32(at);
        if (value < 0 || value > b.length) {
            throw new MalformedRecordException("a size is larger than the chunk");
        }
        return value;
    }

    long i64(int at) throws MalformedRecordException {
        need(at, 8);
        return Words.at(b, at);
    }

    /** So many characters of UTF-16. */
    String utf16(int at, int characters) throws MalformedRecordException {
        need(at, characters * 2);
        return new String(b, at, characters * 2, StandardCharsets.UTF_16LE);
    }
}
