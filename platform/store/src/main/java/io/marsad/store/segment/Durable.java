package io.marsad.store.segment;

import io.marsad.store.disk.Disk;
import io.marsad.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writing that survives a crash. */
record Durable(Disk disk) {
    /** Writes at a position; not yet durable. What was there behind it goes. */
    void write(Path file, long position, byte[] bytes, int length) throws IOException {
        try (var out = openOrCreate(file)) {
            if (out.size() > position) {
                out.truncate(position); // a try that failed half-way
            }
            out.write(ByteBuffer.wrap(bytes, 0, length), position);
        }
    }

    private DiskFile openOrCreate(Path file) throws IOException {
        try {
            return disk.open(file);
        } catch (NoSuchFileException e) {
            return disk.create(file);
        }
    }

    /** Makes a file's content durable. */
    void sync(Path file) throws IOException {
        try (var out = disk.open(file)) {
            out.sync();
        }
    }

    void truncate(Path file, long length) throws IOException {
        try (var out = disk.open(file)) {
            out.truncate(length);
        }
    }

    /** Makes what {@link #replace} puts in a file's place; nothing has changed when this fails. */
    void prepare(Path directory, String name, byte[] bytes) throws IOException {
        var temporary = temporary(directory, name);
        disk.delete(temporary);
        write(temporary, 0, bytes, bytes.length);
        sync(temporary);
    }

    /** Puts what was prepared in the file's place: a crash leaves the old or the new, whole. */
    void replace(Path directory, String name) throws IOException {
        disk.rename(temporary(directory, name), directory.resolve(name));
        disk.syncFolder(directory);
    }

    private static Path temporary(Path directory, String name) {
        return directory.resolve(name + ".new");
    }
}
