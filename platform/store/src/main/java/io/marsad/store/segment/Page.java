package io.marsad.store.segment;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * Where a page stands.
 *
 * @param offset in the file
 * @param raw bytes once unpacked
 * @param length bytes in the file; the same as {@code raw} when it is not packed
 */
record Page(long offset, int raw, int length, int crc) {
    /** Bytes after an unpacked page that may be read. */
    static final int PADDING = 16;

    static Page read(Source in, long offset) throws DamagedException {
        int raw = in.getCount(Integer.MAX_VALUE - 64);
        return new Page(offset, raw, in.getCount(raw), in.getInt());
    }

    long end() {
        return offset + length;
    }

    static byte[] unpack(byte[] packed, int from, int length, int raw) throws DamagedException {
        var bytes = new byte[raw + PADDING];
        if (length == raw) {
            System.arraycopy(packed, from, bytes, 0, raw);
            return bytes;
        }
        try (var zstd = new ZstdDecompressCtx()) {
            int n = zstd.decompressByteArray(bytes, 0, raw, packed, from, length);
            if (n != raw) {
                throw new DamagedException("a page of " + raw + " bytes has " + n);
            }
            return bytes;
        } catch (ZstdException e) {
            throw new DamagedException("a page does not unpack: " + e.getMessage());
        }
    }
}
