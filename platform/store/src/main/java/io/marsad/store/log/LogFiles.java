package io.marsad.store.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the log needs of a file system: small, so that tests can put a disk behind it that tears writes, flips bits and
 * fails to sync.
 *
 * <p>Thread-safe.
 */
public interface LogFiles {
    /** The names in a folder, sorted; empty when there is no such folder. */
    List<String> list(Path folder) throws IOException;

    /** Makes the folder and those above it, durably. */
    void makeFolder(Path folder) throws IOException;

    /** Makes and opens a file that must not be there yet. Durable only after {@link #syncFolder}. */
    LogFile create(Path file) throws IOException;

    /** @throws java.nio.file.NoSuchFileException when it is not there */
    LogFile open(Path file) throws IOException;

    void delete(Path file) throws IOException;

    void rename(Path file, Path to) throws IOException;

    /** Makes what was created, renamed or deleted in the folder durable. */
    void syncFolder(Path folder) throws IOException;

    /** When the file was last written, epoch milliseconds. */
    long modified(Path file) throws IOException;

    /** Bytes that may still be written to the folder's file system. */
    long usable(Path folder) throws IOException;

    /** The machine's own file system. */
    static LogFiles disk() {
        return new DiskFiles();
    }
}
