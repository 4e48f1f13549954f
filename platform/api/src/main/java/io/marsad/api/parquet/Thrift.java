package io.marsad.api.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** Writes structures in Thrift's compact protocol, as far as Parquet's metadata needs it. One thread. */
final class Thrift {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ArrayDeque<Integer> outer = new ArrayDeque<>();
    private int last;

    byte[] bytes() {
        return out.toByteArray();
    }

    private void field(int id, int type) {
        int delta = id - last;
        if (delta > 0 && delta <= 15) {
            out.write(delta << 4 | type);
        } else {
            out.write(type);
            varint(zigzag(id));
        }
        last = id;
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    Thrift i32(int id, int value) {
        field(id, I32);
        varint(zigzag(value));
        return this;
    }

    Thrift i64(int id, long value) {
        field(id, I64);
        varint(zigzag(value));
        return this;
    }

    Thrift bool(int id, boolean value) {
        field(id, value ? TRUE : FALSE);
        return this;
    }

    Thrift text(int id, String value) {
        field(id, BINARY);
        raw(value);
        return this;
    }

    private void raw(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    /** What follows up to {@link #end} is inside it. */
    Thrift begin(int id) {
        field(id, STRUCT);
        return element();
    }

    /** A structure in a list, or the outermost one. */
    Thrift element() {
        outer.push(last);
        last = 0;
        return this;
    }

    Thrift end() {
        out.write(0);
        last = outer.pop();
        return this;
    }

    private Thrift list(int id, int type, int size) {
        field(id, LIST);
        if (size < 15) {
            out.write(size << 4 | type);
        } else {
            out.write(0xF0 | type);
            varint(size);
        }
        return this;
    }

    /** So many {@link #element}s follow. */
    Thrift structs(int id, int size) {
        return list(id, STRUCT, size);
    }

    Thrift i32s(int id, int... values) {
        list(id, I32, values.length);
        for (int value : values) {
            varint(zigzag(value));
        }
        return this;
    }

    Thrift texts(int id, String... values) {
        list(id, BINARY, values.length);
        for (var value : values) {
            raw(value);
        }
        return this;
    }
}
