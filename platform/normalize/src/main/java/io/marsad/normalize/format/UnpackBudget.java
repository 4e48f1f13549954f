package io.marsad.normalize.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what of a packed file was read, and so how much may come out of it: small files that unpack to endless ones. */
final class UnpackBudget extends FilterInputStream {
    /** How many times its own size a packed file may give; real logs give up to about 50. */
    static final int RATIO = 250;

    /** So many bytes any file may give. */
    static final long FREE = 256 << 20;

    private long packed;
    private long unpacked;

    UnpackBudget(InputStream packed) {
        super(packed);
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        packed += value < 0 ? 0 : 1;
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = in.read(bytes, offset, length);
        packed += Math.max(0, got);
        return got;
    }

    /** So many bytes came out. */
    void take(long bytes) throws UnreadableException {
        unpacked += bytes;
        if (unpacked > FREE && unpacked > packed * RATIO) {
            throw new UnreadableException("unpacks to more than " + RATIO + " times its size", true);
        }
    }
}
