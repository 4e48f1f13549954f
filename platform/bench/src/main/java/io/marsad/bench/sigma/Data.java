package io.marsad.bench.sigma;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where public rules and real logs are, if they are. */
public final class Data {
    private Data() {}

    public static @Nullable Path find(Path root) {
        var named = System.getenv("MARSAD_SHARED_DATA");
        var data = named == null ? root.resolve("../shared/data").normalize() : Path.of(named);
        return Files.isDirectory(data.resolve("sigma")) && Files.isDirectory(data.resolve("evtx")) ? data : null;
    }
}
