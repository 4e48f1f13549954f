package io.marsad.store.segment;

import io.marsad.kernel.event.Field;
import java.io.IOException;

/**
 * What a block has and where: its filter, the pages of the rows' own facts, and a column for each field. Immutable, so
 * that searches share it.
 */
final class Directory {
    static final int TIME = 0;
    static final int RECEIVED = 1;
    static final int ID = 2;
    static final int LOG_OFFSET = 3;
    static final int NAMES = 4;
    static final int NAME_CODES = 5;
    static final int SHAPES = 6;
    private static final int MAX_COLUMNS = 1 << 20;

    final Block block;
    final int filterLength;
    private final int filterCrc;
    final Page[] meta = new Page[BlockEncoder.META_PAGES];
    final ColumnPages skeleton;
    final ColumnPages[] columns;
    /** For each column whether {@link BlockReader#isSingle}: 1 yes, 2 no, 0 not looked at yet. Whoever looks first, says. */
    final byte[] single;

    /** Open addressing from field id to column, so that no map is kept per block. */
    private final int[] table;

    /** Where a column's values are. {@code firstValue} has one more entry than there are pages of values. */
    record ColumnPages(int field, boolean dictionary, int count, int distinct, Page[] pages, int[] firstValue) {}

    Directory(byte[] bytes, Block block) throws DamagedException {
        this.block = block;
        var in = new Source(bytes, 0, bytes.length - Page.PADDING);
        long at = block.offset + BlockEncoder.HEADER;
        filterLength = in.getCount(Integer.MAX_VALUE);
        filterCrc = in.getInt();
        at += filterLength;
        for (int i = 0; i < meta.length; i++) {
            meta[i] = Page.read(in, at);
            at = meta[i].end();
        }
        skeleton = column(in, at);
        at = end(skeleton, at);
        columns = new ColumnPages[in.getCount(MAX_COLUMNS)];
        single = new byte[columns.length];
        table = new int[Integer.highestOneBit(Math.max(1, columns.length)) * 4];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = column(in, at);
            at = end(columns[i], at);
            int slot = columns[i].field * 0x9E3779B1 >>> 1 & table.length - 1;
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = i + 1;
        }
    }

    private static ColumnPages column(Source in, long start) throws DamagedException {
        var name = in.getText();
        int field = name.isEmpty() ? -1 : Field.of(name).id();
        boolean dictionary = in.getByte() == ColumnBuilder.DICTIONARY;
        int count = in.getCount(Integer.MAX_VALUE);
        int second = in.getCount(Integer.MAX_VALUE);
        if (dictionary) {
            var pages = new Page[second > 1 ? 2 : 1];
            long at = start;
            for (int i = 0; i < pages.length; i++) {
                pages[i] = Page.read(in, at);
                at = pages[i].end();
            }
            return new ColumnPages(field, true, count, second, pages, new int[] {0, second});
        }
        var pages = new Page[Math.min(second, in.left())];
        var first = new int[pages.length + 1];
        long at = start;
        for (int i = 0; i < pages.length; i++) {
            first[i + 1] = first[i] + in.getCount(count - first[i]);
            pages[i] = Page.read(in, at);
            at = pages[i].end();
        }
        return new ColumnPages(field, false, count, count, pages, first);
    }

    /** Where in the file the first page stands. */
    long firstPage() {
        return meta[0].offset();
    }

    /** Where in the file the last page ends. */
    long end() {
        long end = end(skeleton, meta[meta.length - 1].end());
        for (var column : columns) {
            end = end(column, end);
        }
        return end;
    }

    private static long end(ColumnPages column, long start) {
        return column.pages.length == 0 ? start : column.pages[column.pages.length - 1].end();
    }

    /** The column of a field, or -1. */
    int column(int field) {
        for (int slot = field * 0x9E3779B1 >>> 1 & table.length - 1;
                table[slot] != 0;
                slot = slot + 1 & table.length - 1) {
            if (columns[table[slot] - 1].field == field) {
                return table[slot] - 1;
            }
        }
        return -1;
    }

    BlockFilter readFilter(OpenFiles files) throws IOException {
        var bytes = files.read(block.file, block.offset + BlockEncoder.HEADER, filterLength, Page.PADDING);
        if (Block.crc(bytes, 0, filterLength) != filterCrc) {
            throw new DamagedException("the filter's checksum is wrong");
        }
        return new BlockFilter(bytes, filterLength, columns.length);
    }

    /** What it takes in memory, roughly, in bytes. */
    int weight() {
        int pages = 0;
        for (var column : columns) {
            pages += column.pages.length;
        }
        return 512 + columns.length * 73 + pages * 44 + table.length * 4;
    }
}
