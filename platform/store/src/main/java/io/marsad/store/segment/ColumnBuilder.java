package io.marsad.store.segment;

import java.util.Arrays;

/** The values of one field within a block: by a dictionary while that pays, else one after the other. */
final class ColumnBuilder {
    static final int MAX_DISTINCT = 4096;
    static final int DICTIONARY = 0;
    static final int PLAIN = 1;
    /** A page of plain values is closed when it has this many bytes or values: what one value's look-up costs. */
    static final int PAGE_BYTES = 32 << 10;

    static final int PAGE_VALUES = 1024;
    /** Larger arrays are not kept for the next block. */
    static final int KEPT_BYTES = 1 << 20;

    private final Interner dictionary = new Interner();
    private boolean plain;
    private int count;
    private int[] codes = new int[64];
    private byte[] data = new byte[0];
    private int[] ends = new int[0];
    private int used;
    private final int kept;
    private final byte[] name;
    private final long seed;
    /** Which of the block's columns it is; -1 while it is none. */
    int number = -1;

    ColumnBuilder(byte[] utf8Name) {
        this(utf8Name, KEPT_BYTES);
    }

    /** @param kept larger memory for values is given back when another block begins */
    ColumnBuilder(byte[] utf8Name, int kept) {
        this.kept = kept;
        name = utf8Name;
        seed = seed(utf8Name);
    }

    /** Begins a block; what the one before needed stays at hand unless it is large. */
    void begin(int number) {
        this.number = number;
        dictionary.clear();
        plain = false;
        count = 0;
        used = 0;
        if (data.length > kept) {
            data = new byte[0];
        }
    }

    static long seed(byte[] utf8Name) {
        var padded = Arrays.copyOf(utf8Name, utf8Name.length + 8);
        return Hash.of(padded, 0, utf8Name.length, 1);
    }

    int count() {
        return count;
    }

    /** Adds a value; eight bytes after its end may be read. @return true when these bytes were not here before */
    boolean add(byte[] bytes, int offset, int length) {
        if (!plain) {
            int code = dictionary.intern(bytes, offset, length);
            if (count == codes.length) {
                codes = Arrays.copyOf(codes, count * 2);
            }
            codes[count++] = code;
            int distinct = dictionary.count;
            if (distinct > MAX_DISTINCT || distinct > 256 && distinct * 2 > count) {
                toPlain();
            }
            return dictionary.added;
        }
        append(bytes, offset, length);
        return true;
    }

    private void toPlain() {
        plain = true;
        used = 0;
        int n = count;
        count = 0;
        for (int i = 0; i < n; i++) {
            int code = codes[i];
            append(dictionary.data, dictionary.start(code), dictionary.end[code] - dictionary.start(code));
        }
    }

    private void append(byte[] bytes, int offset, int length) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(1024, count * 2));
        }
        long need = (long) used + length + 16;
        if (need > data.length) {
            data = Arrays.copyOf(data, (int)
                    Math.min(Integer.MAX_VALUE - 64L, Math.max(Math.max(need, 1 << 14), data.length * 2L)));
        }
        System.arraycopy(bytes, offset, data, used, length);
        used += length;
        ends[count++] = used;
    }

    /** Puts the distinct (or all plain) values into the filter. */
    void filter(Filter filter) {
        if (plain) {
            filter.addColumn(data, ends, count, seed);
        } else {
            filter.addColumn(dictionary.data, dictionary.end, dictionary.count, seed);
        }
    }

    /** Writes name, form and page table to the directory and the pages to the block. */
    void write(Sink directory, Pages pages) {
        directory.putVar(name.length);
        directory.put(name, 0, name.length);
        directory.putByte(plain ? PLAIN : DICTIONARY);
        directory.putVar(count);
        if (plain) {
            writePlain(directory, pages);
        } else {
            writeDictionary(directory, pages);
        }
    }

    private void writeDictionary(Sink directory, Pages pages) {
        int distinct = dictionary.count;
        directory.putVar(distinct);
        var page = pages.begin();
        lengths(page, dictionary.end, 0, distinct);
        page.put(dictionary.data, 0, dictionary.used());
        pages.end(directory);
        if (distinct > 1) {
            page = pages.begin();
            page.ensure(count * 2);
            for (int i = 0; i < count; i++) {
                page.bytes[page.size++] = (byte) codes[i];
                if (distinct > 256) {
                    page.bytes[page.size++] = (byte) (codes[i] >>> 8);
                }
            }
            pages.end(directory);
        }
    }

    private void writePlain(Sink directory, Pages pages) {
        var table = new Sink(256);
        int written = 0;
        for (int from = 0; from < count; written++) {
            int start = from == 0 ? 0 : ends[from - 1];
            int to = from + 1;
            while (to < count && to - from < PAGE_VALUES && ends[to] - start <= PAGE_BYTES) {
                to++;
            }
            var page = pages.begin();
            lengths(page, ends, from, to);
            page.put(data, start, ends[to - 1] - start);
            table.putVar(to - from);
            pages.end(table);
            from = to;
        }
        directory.putVar(written);
        directory.put(table.bytes, 0, table.size);
    }

    private static void lengths(Sink page, int[] ends, int from, int to) {
        int start = from == 0 ? 0 : ends[from - 1];
        for (int i = from; i < to; i++) {
            page.putVar(ends[i] - start);
            start = ends[i];
        }
    }
}
