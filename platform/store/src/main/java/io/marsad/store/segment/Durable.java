package io.marsad.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writing that survives a crash. */
final class Durable {
    private Durable() {}

    /** Writes at a position; not yet durable. What was there behind it goes. */
    static void write(Path file, long position, byte[] bytes, int length) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.size() > position) {
                channel.truncate(position); // a try that failed half-way
            }
            var buffer = ByteBuffer.wrap(bytes, 0, length);
            long at = position;
            while (buffer.hasRemaining()) {
                at += channel.write(buffer, at);
            }
        }
    }

    /** Makes a file's content durable, or a directory's list of names. */
    static void sync(Path path) throws IOException {
        var option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (var channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    /** Puts the content in the file's place: a crash leaves the old or the new, whole. */
    static void replace(Path directory, String name, byte[] bytes) throws IOException {
        var file = directory.resolve(name);
        var temporary = directory.resolve(name + ".new");
        Files.deleteIfExists(temporary);
        write(temporary, 0, bytes, bytes.length);
        sync(temporary);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }
}
