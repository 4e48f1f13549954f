package io.marsad.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder that goes with the run, also when the run is told to end (Ctrl-C, SIGTERM). */
public final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Thread hook;

    public Scratch(String name) throws IOException {
        folder = Files.createTempDirectory(name);
        hook = new Thread(this::delete);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Bytes that are free where such folders are made. */
    public static long free() throws IOException {
        FileStore store = Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir")));
        return store.getUsableSpace();
    }

    /** Bytes of all files. */
    public long size() throws IOException {
        try (var files = Files.walk(folder)) {
            long sum = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private void delete() {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // gone
        } catch (IOException | UncheckedIOException e) {
            System.err.println("marsad bench store: " + folder + " could not be deleted: " + e);
        }
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // it is running
        }
    }
}
