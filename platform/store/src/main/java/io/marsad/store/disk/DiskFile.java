package io.marsad.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file, read and written by position. One thread writes; others may read at the same time. */
public interface DiskFile extends Closeable {
    long size() throws IOException;

    /** Fills the buffer's remaining bytes from the position on; returns how many were there (less only at the file's end). */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes all remaining bytes of the buffer.
     *
     * @throws DiskFullException when there is no room; part of it may have been written
     */
    void write(ByteBuffer from, long position) throws IOException;

    /** Returns when everything written before is on the disk, the file's size included. After a failure nothing is known. */
    void sync() throws IOException;

    void truncate(long size) throws IOException;
}
