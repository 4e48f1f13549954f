package io.marsad.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Files of the operating system. */
final class DiskFiles implements LogFiles {
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
        Files.createDirectories(folder);
        var parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            syncFolder(parent);
        }
    }

    @Override
    public LogFile create(Path file) throws IOException {
        return new DiskFile(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public LogFile open(Path file) throws IOException {
        return new DiskFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void rename(Path file, Path to) throws IOException {
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
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

    private record DiskFile(FileChannel channel) implements LogFile {
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
                throw noRoom(e) ? new DiskFullException("the disk is full", e) : e;
            } finally {
                from.limit(end);
            }
        }

        /** The JDK has no type for it: the operating system's words are all there is. */
        private static boolean noRoom(IOException e) {
            var message = e.getMessage();
            if (message == null) {
                return false;
            }
            var text = message.toLowerCase(Locale.ROOT);
            return text.contains("no space left")
                    || text.contains("quota exceeded")
                    || text.contains("not enough space");
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
