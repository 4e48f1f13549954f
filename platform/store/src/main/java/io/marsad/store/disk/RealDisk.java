package io.marsad.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Files of the operating system. */
final class RealDisk implements Disk {
    /** One read or write call moves at most this much, which bounds the direct memory that the JDK keeps per thread. */
    private static final int PIECE = 256 << 10;

    @Override
    public List<String> list(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        var path = folder.toAbsolutePath();
        if (Files.isDirectory(path)) {
            return;
        }
        var parent = path.getParent();
        if (parent != null) {
            makeFolder(parent);
        }
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
        } catch (IOException e) {
            throw full(e);
        }
        if (parent != null) {
            syncFolder(parent);
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        try {
            return new RealFile(FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw full(e);
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new RealFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void rename(Path file, Path to) throws IOException {
        try {
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw full(e);
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public long usable(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(file.getParent() + " is open already", e);
        }
        channel.close();
        throw new IOException(file.getParent() + " is in use by another process");
    }

    private static IOException full(IOException e) {
        return noRoom(e) ? new DiskFullException("the disk is full", e) : e;
    }

    /** The JDK has no type for it: the operating system's words are all there is. */
    private static boolean noRoom(IOException e) {
        var message = e.getMessage();
        if (message == null) {
            return false;
        }
        var text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }

    private record RealFile(FileChannel channel) implements DiskFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            int total = 0;
            int end = into.limit();
            try {
                while (into.position() < end) {
                    into.limit(Math.min(end, into.position() + PIECE));
                    int n = channel.read(into, position + total);
                    if (n < 0) {
                        break;
                    }
                    total += n;
                }
            } finally {
                into.limit(end);
            }
            return total;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            int end = from.limit();
            long at = position;
            try {
                while (from.position() < end) {
                    from.limit(Math.min(end, from.position() + PIECE));
                    at += channel.write(from, at);
                }
            } catch (IOException e) {
                throw full(e);
            } finally {
                from.limit(end);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
