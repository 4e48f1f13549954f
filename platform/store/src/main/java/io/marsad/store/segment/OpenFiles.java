package io.marsad.store.segment;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that are open for reading, the least used closed first. A read of a file that was closed meanwhile (made room
 * for another, or another reader was interrupted in it) opens it again.
 *
 * <p>Thread-safe.
 */
final class OpenFiles implements AutoCloseable {
    private static final int MAX_OPEN = 256;

    private final Map<Path, FileChannel> open = new LinkedHashMap<>(64, 0.75f, true);
    private boolean closed;

    /** Reads exactly these bytes; {@code padding} zero bytes follow them in the array. */
    byte[] read(Path file, long position, int length, int padding) throws IOException {
        var bytes = new byte[length + padding];
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while reading events");
            }
            try {
                read(channel(file), ByteBuffer.wrap(bytes, 0, length), position, file);
                return bytes;
            } catch (ClosedByInterruptException e) {
                drop(file);
                throw new InterruptedIOException("interrupted while reading events");
            } catch (ClosedChannelException e) {
                drop(file);
            }
        }
    }

    private static void read(FileChannel channel, ByteBuffer into, long position, Path file) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int n = channel.read(into, at);
            if (n < 0) {
                throw new DamagedException(file.getFileName() + " ends before " + (at + into.remaining()));
            }
            at += n;
        }
    }

    private synchronized FileChannel channel(Path file) throws IOException {
        if (closed) {
            throw new IOException("the event store is closed");
        }
        var channel = open.get(file);
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            open.put(file, channel);
            if (open.size() > MAX_OPEN) {
                var eldest = open.entrySet().iterator().next();
                open.remove(eldest.getKey());
                eldest.getValue().close();
            }
        }
        return channel;
    }

    private synchronized void drop(Path file) throws IOException {
        var channel = open.get(file);
        if (channel != null && !channel.isOpen()) {
            open.remove(file);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (var channel : open.values()) {
            channel.close();
        }
        open.clear();
    }
}
