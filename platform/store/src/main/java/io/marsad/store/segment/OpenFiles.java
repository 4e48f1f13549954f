package io.marsad.store.segment;

import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that are open for reading, the least used closed first. A read of a file that was closed meanwhile (made room
 * for another, or another reader was interrupted in it) opens it again. What the disk cannot read is damage.
 *
 * <p>Thread-safe.
 */
final class OpenFiles implements AutoCloseable {
    private static final int MAX_OPEN = 256;

    private final Disk disk;
    private final Map<Path, DiskFile> open = new LinkedHashMap<>(64, 0.75f, true);
    private boolean closed;

    OpenFiles(Disk disk) {
        this.disk = disk;
    }

    /** Reads exactly these bytes; {@code padding} zero bytes follow them in the array. */
    byte[] read(Path file, long position, int length, int padding) throws IOException {
        var bytes = new byte[length + padding];
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while reading events");
            }
            var from = file(file);
            try {
                int n = from.read(ByteBuffer.wrap(bytes, 0, length), position);
                if (n < length) {
                    throw new DamagedException(file.getFileName() + " ends before " + (position + length));
                }
                return bytes;
            } catch (ClosedByInterruptException e) {
                drop(file, from);
                throw new InterruptedIOException("interrupted while reading events");
            } catch (ClosedChannelException e) {
                drop(file, from);
            } catch (DamagedException e) {
                throw e;
            } catch (IOException e) {
                drop(file, from);
                throw new DamagedException(file.getFileName() + " cannot be read: " + e.getMessage());
            }
        }
    }

    private synchronized DiskFile file(Path path) throws IOException {
        if (closed) {
            throw new IOException("the event store is closed");
        }
        var file = open.get(path);
        if (file == null) {
            try {
                file = disk.open(path);
            } catch (NoSuchFileException e) {
                throw new DamagedException(path.getFileName() + " is not there");
            }
            open.put(path, file);
            if (open.size() > MAX_OPEN) {
                var eldest = open.entrySet().iterator().next();
                open.remove(eldest.getKey());
                eldest.getValue().close();
            }
        }
        return file;
    }

    private synchronized void drop(Path path, DiskFile file) throws IOException {
        if (open.remove(path, file)) {
            file.close();
        }
    }

    /** Closes a file that is going to be deleted. */
    synchronized void forget(Path path) throws IOException {
        var file = open.remove(path);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (var file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
