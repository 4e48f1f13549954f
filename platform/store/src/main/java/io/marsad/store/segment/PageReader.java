package io.marsad.store.segment;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads pages, with unpackers that are used again: making one costs more than a small page. Thread-safe. */
final class PageReader implements AutoCloseable {
    final OpenFiles files;
    private final ConcurrentLinkedQueue<ZstdDecompressCtx> idle = new ConcurrentLinkedQueue<>();

    private final boolean keep;

    /** @param keep whether unpackers are kept until this is closed; without, nothing has to be closed */
    PageReader(OpenFiles files, boolean keep) {
        this.files = files;
        this.keep = keep;
    }

    /** The page's bytes, checked, with {@link Page#PADDING} bytes to spare. */
    byte[] load(Page page, Block block) throws IOException {
        var bytes = files.read(block.file, page.offset(), page.length(), Page.PADDING);
        if (Block.crc(bytes, 0, page.length()) != page.crc()) {
            throw new DamagedException("a checksum is wrong at " + page.offset());
        }
        return page.length() == page.raw() ? bytes : unpack(bytes, 0, page.length(), page.raw());
    }

    /** The same of bytes that were read already. */
    byte[] load(Page page, byte[] bytes, long bytesAt) throws DamagedException {
        int from = (int) (page.offset() - bytesAt);
        if (Block.crc(bytes, from, page.length()) != page.crc()) {
            throw new DamagedException("a checksum is wrong at " + page.offset());
        }
        return unpack(bytes, from, page.length(), page.raw());
    }

    private byte[] unpack(byte[] packed, int from, int length, int raw) throws DamagedException {
        var bytes = new byte[raw + Page.PADDING];
        if (length == raw) {
            System.arraycopy(packed, from, bytes, 0, raw);
            return bytes;
        }
        var zstd = idle.poll();
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        try {
            int n = zstd.decompressByteArray(bytes, 0, raw, packed, from, length);
            if (n != raw) {
                throw new DamagedException("a page of " + raw + " bytes has " + n);
            }
            return bytes;
        } catch (ZstdException e) {
            throw new DamagedException("a page does not unpack: " + e.getMessage());
        } finally {
            if (keep) {
                idle.add(zstd);
            } else {
                zstd.close();
            }
        }
    }

    @Override
    public void close() {
        for (var zstd = idle.poll(); zstd != null; zstd = idle.poll()) {
            zstd.close();
        }
    }
}
