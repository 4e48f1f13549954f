package io.marsad.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the event log and the event store need of a file system: small, so that tests can put a disk behind them that
 * tears writes, flips bits, is full and fails to sync.
 *
 * <p>Thread-safe.
 */
public interface Disk {
    /** The names in a folder, sorted; empty when there is no such folder. */
    List<String> list(Path folder) throws IOException;

    /** Makes the folder and those above it that are not there, durably. */
    void makeFolder(Path folder) throws IOException;

    /** Makes and opens a file that must not be there yet. Durable only after {@link #syncFolder}. */
    DiskFile create(Path file) throws IOException;

    /** @throws java.nio.file.NoSuchFileException when it is not there */
    DiskFile open(Path file) throws IOException;

    /** Deletes a file or an empty folder; one that is not there does no harm. */
    void delete(Path file) throws IOException;

    /** In the place of what has the name already. After a crash the name is the old or the new file's, each whole. */
    void rename(Path file, Path to) throws IOException;

    /** Makes what was created, renamed or deleted in the folder durable. */
    void syncFolder(Path folder) throws IOException;

    /** The file's bytes, or -1 where there is no file. */
    long size(Path file) throws IOException;

    /** When the file was last written, epoch milliseconds. */
    long modified(Path file) throws IOException;

    /** Bytes that may still be written to the folder's file system. */
    long usable(Path folder) throws IOException;

    /**
     * Makes sure that only one process at a time has what the file stands for, until it is closed or the process ends.
     *
     * @throws IOException when somebody has it
     */
    Closeable lock(Path file) throws IOException;

    /** The machine's own file system. */
    static Disk real() {
        return new RealDisk();
    }
}
