package io.marsad.normalize.format;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real logs beside the checkout; tests that need them are skipped where they are not. */
final class SharedData {
    private SharedData() {}

    static Path folder(String name) {
        var set = System.getenv("MARSAD_SHARED_DATA");
        var root = set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data");
        var folder = root.resolve(name);
        assumeTrue(Files.exists(folder), () -> "skipped: no real data at " + folder);
        return folder;
    }
}
