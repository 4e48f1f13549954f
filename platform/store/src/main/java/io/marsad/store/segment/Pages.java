package io.marsad.store.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.zip.CRC32C;

/** Compresses pages one after the other and notes for each its two lengths and its checksum. */
final class Pages implements AutoCloseable {
    /** Smaller pages hardly shrink, and to begin one costs more than its bytes. */
    private static final int PACKED = 128;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1);
    private final CRC32C crc = new CRC32C();
    private final Sink page = new Sink(64 << 10);
    final Sink out = new Sink(1 << 20);

    void clear() {
        out.clear();
    }

    Sink begin() {
        page.clear();
        return page;
    }

    /** Ends the page: its lengths and checksum go to the table. A page that does not shrink is kept as it is. */
    void end(Sink table) {
        int raw = page.size;
        out.ensure((int) Zstd.compressBound(raw));
        int length = raw < PACKED
                ? raw
                : zstd.compressByteArray(out.bytes, out.size, out.bytes.length - out.size, page.bytes, 0, raw);
        if (length >= raw) {
            System.arraycopy(page.bytes, 0, out.bytes, out.size, raw);
            length = raw;
        }
        crc.reset();
        crc.update(out.bytes, out.size, length);
        out.size += length;
        table.putVar(raw);
        table.putVar(length);
        table.putInt((int) crc.getValue());
    }

    @Override
    public void close() {
        zstd.close();
    }
}
