package io.marsad.api.parquet;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a flat table of optional columns (Apache Parquet format 2, data pages version 1, values PLAIN, pages packed with
 * Zstandard). What is held is one row group, at most about 8 MiB. One thread.
 */
public final class ParquetWriter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final long GROUP_BYTES = 8L << 20;
    private static final int ZSTD = 6;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int OPTIONAL = 1;
    private static final int LEVEL = 1;

    private final OutputStream out;
    private final List<ParquetColumn> columns;
    private final List<Group> groups = new ArrayList<>();
    private List<ColumnPage> pages;
    private long at;
    private long rows;
    private int rowsOfGroup;

    private record Chunk(long offset, long packed, long plain) {}

    private record Group(List<Chunk> chunks, int rows) {}

    /** @param columns at least one, names different */
    public ParquetWriter(OutputStream out, List<ParquetColumn> columns) throws IOException {
        this.out = out;
        this.columns = List.copyOf(columns);
        pages = fresh();
        write(MAGIC);
    }

    private List<ColumnPage> fresh() {
        return columns.stream().map(ColumnPage::new).toList();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        at += bytes.length;
    }

    /** A row: a value, or null, for each column. */
    public void row(List<? extends @Nullable Object> values) throws IOException {
        long bytes = 0;
        for (int i = 0; i < columns.size(); i++) {
            pages.get(i).add(values.get(i));
            bytes += pages.get(i).bytes();
        }
        rowsOfGroup++;
        if (bytes > GROUP_BYTES) {
            group();
        }
    }

    private void group() throws IOException {
        var chunks = new ArrayList<Chunk>();
        for (var page : pages) {
            var content = page.content();
            var packed = Zstd.compress(content, LEVEL);
            var header = new Thrift()
                    .element()
                    .i32(1, 0) // a data page
                    .i32(2, content.length)
                    .i32(3, packed.length)
                    .begin(5)
                    .i32(1, rowsOfGroup)
                    .i32(2, PLAIN)
                    .i32(3, RLE)
                    .i32(4, RLE)
                    .end()
                    .end()
                    .bytes();
            chunks.add(new Chunk(at, header.length + (long) packed.length, header.length + (long) content.length));
            write(header);
            write(packed);
        }
        groups.add(new Group(chunks, rowsOfGroup));
        rows += rowsOfGroup;
        rowsOfGroup = 0;
        pages = fresh();
    }

    /** Writes the end. The stream is left open. */
    public void finish() throws IOException {
        if (rowsOfGroup > 0) {
            group();
        }
        var footer = footer();
        write(footer);
        write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        write(MAGIC);
        out.flush();
    }

    private byte[] footer() {
        var to = new Thrift().element().i32(1, 2).structs(2, columns.size() + 1);
        to.element().text(4, "schema").i32(5, columns.size()).end();
        columns.forEach(column -> schema(to, column));
        to.i64(3, rows).structs(4, groups.size());
        for (var group : groups) {
            long plain = group.chunks.stream().mapToLong(Chunk::plain).sum();
            long packed = group.chunks.stream().mapToLong(Chunk::packed).sum();
            to.element().structs(1, columns.size());
            for (int i = 0; i < columns.size(); i++) {
                chunk(to, columns.get(i), group.chunks.get(i), group.rows);
            }
            to.i64(2, plain).i64(3, group.rows);
            to.i64(5, group.chunks.getFirst().offset).i64(6, packed).end();
        }
        return to.text(6, "marsad").end().bytes();
    }

    private static void schema(Thrift to, ParquetColumn column) {
        to.element().i32(1, column.kind().type).i32(3, OPTIONAL).text(4, column.name());
        switch (column.kind()) {
            case TEXT -> to.i32(6, 0).begin(10).begin(1).end().end(); // UTF8, STRING
            case TIME ->
                // TIMESTAMP_MILLIS; TIMESTAMP, in UTC, of milliseconds
                to.i32(6, 9)
                        .begin(10)
                        .begin(8)
                        .bool(1, true)
                        .begin(2)
                        .begin(1)
                        .end()
                        .end()
                        .end()
                        .end();
            case WHOLE, NUMBER, TRUTH -> {}
        }
        to.end();
    }

    private static void chunk(Thrift to, ParquetColumn column, Chunk chunk, int rows) {
        to.element().i64(2, chunk.offset).begin(3);
        to.i32(1, column.kind().type)
                .i32s(2, PLAIN, RLE)
                .texts(3, column.name())
                .i32(4, ZSTD)
                .i64(5, rows)
                .i64(6, chunk.plain)
                .i64(7, chunk.packed)
                .i64(9, chunk.offset);
        to.end().end();
    }
}
