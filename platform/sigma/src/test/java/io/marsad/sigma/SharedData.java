package io.marsad.sigma;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of real data that lies beside some checkouts; tests that need it are skipped where it is not. */
final class SharedData {
    private SharedData() {}

    static Path folder(String name) {
        var env = System.getenv("MARSAD_SHARED_DATA");
        var root = env == null ? Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data") : Path.of(env);
        var folder = root.resolve(name);
        Assumptions.assumeTrue(Files.exists(folder), "the shared data is not here: " + name);
        return folder;
    }
}
