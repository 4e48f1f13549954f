package io.marsad.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder that names an installation. */
final class DataFolder {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's folder (default: MARSAD_DATA, else data/ beside the program).")
    private @Nullable Path data;

    Path path() {
        if (data != null) {
            return data.toAbsolutePath().normalize();
        }
        var named = System.getenv("MARSAD_DATA");
        if (named != null && !named.isBlank()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        return Shipped.root().resolve("data");
    }
}
