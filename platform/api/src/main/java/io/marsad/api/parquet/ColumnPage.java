package io.marsad.api.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One column's values of a row group: a page with definition levels (1: there is a value) as runs and packed bits, then the
 * values as they are (PLAIN). One thread.
 */
final class ColumnPage {
    private final ParquetColumn column;
    private final BitSet there = new BitSet();
    private final BitSet truths = new BitSet();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    private int rows;
    private int present;

    ColumnPage(ParquetColumn column) {
        this.column = column;
    }

    /** @throws ClassCastException when the value is none of the column's kind */
    void add(@Nullable Object value) {
        if (value != null) {
            there.set(rows);
            switch (column.kind()) {
                case TEXT -> text((String) value);
                case WHOLE, TIME -> eight((Long) value);
                case NUMBER -> eight(Double.doubleToRawLongBits((Double) value));
                case TRUTH -> truths.set(present, (Boolean) value);
            }
            present++;
        }
        rows++;
    }

    private void text(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        number.clear().putInt(bytes.length);
        values.write(number.array(), 0, 4);
        values.writeBytes(bytes);
    }

    private void eight(long value) {
        number.clear().putLong(value);
        values.write(number.array(), 0, 8);
    }

    long bytes() {
        return values.size() + rows / 8 + 16L;
    }

    /** The page's content: levels, then values. */
    byte[] content() {
        var levels = levels();
        var page = new ByteArrayOutputStream(values.size() + levels.length + 8);
        number.clear().putInt(levels.length);
        page.write(number.array(), 0, 4);
        page.writeBytes(levels);
        if (column.kind() == ParquetColumn.Kind.TRUTH) {
            page.writeBytes(packed(truths, present));
        } else {
            page.writeBytes(values.toByteArray());
        }
        return page.toByteArray();
    }

    /** RLE/bit-packed hybrid with bit width 1: one run where all are alike, else one of packed bits. */
    private byte[] levels() {
        var out = new ByteArrayOutputStream();
        if (present == 0 || present == rows) {
            varint(out, (long) rows << 1);
            out.write(present == 0 ? 0 : 1);
        } else {
            int groups = (rows + 7) / 8;
            varint(out, (long) groups << 1 | 1);
            out.writeBytes(packed(there, rows));
        }
        return out.toByteArray();
    }

    private static byte[] packed(BitSet bits, int size) {
        var packed = new byte[(size + 7) / 8];
        var set = bits.toByteArray();
        System.arraycopy(set, 0, packed, 0, Math.min(set.length, packed.length));
        return packed;
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
