package io.marsad.normalize.format;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** What comes out of a packed file: bounded, and its faults told from those of whoever reads it. */
final class UnpackedStream extends FilterInputStream {
    private final UnpackBudget budget;

    UnpackedStream(InputStream unpacking, UnpackBudget budget) {
        super(unpacking);
        this.budget = budget;
    }

    static InputStream gunzip(InputStream packed) throws IOException {
        try {
            return new GZIPInputStream(packed, 64 << 10);
        } catch (ZipException | EOFException e) {
            throw fault(e);
        }
    }

    /** The next file of an archive, or null. */
    static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw fault(e);
        }
    }

    @Override
    public int read() throws IOException {
        try {
            int value = in.read();
            budget.take(value < 0 ? 0 : 1);
            return value;
        } catch (ZipException | EOFException e) {
            throw fault(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int got = in.read(bytes, offset, length);
            budget.take(Math.max(0, got));
            return got;
        } catch (ZipException | EOFException e) {
            throw fault(e);
        }
    }

    private static UnreadableException fault(Exception e) {
        var why = e instanceof EOFException ? "it ends early" : e.getMessage();
        var fault = new UnreadableException("damaged packed data: " + (why == null ? "unreadable" : why), true);
        fault.initCause(e);
        return fault;
    }
}
