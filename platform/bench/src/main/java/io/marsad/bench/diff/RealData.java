package io.marsad.bench.diff;

import io.marsad.normalize.format.RecordFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder of real logs and public rules that lies beside some checkouts: {@code MARSAD_SHARED_DATA}, else
 * {@code ../shared/data} from the checkout's root.
 *
 * @param folder may be missing
 */
public record RealData(Path folder) {
    /** The one of this checkout. */
    public static RealData here() {
        var set = System.getenv("MARSAD_SHARED_DATA");
        return new RealData(
                set != null ? Path.of(set) : Path.of(System.getProperty("marsad.root", "."), "..", "shared", "data"));
    }

    public boolean isThere() {
        return Files.isDirectory(rules()) && Files.isDirectory(folder.resolve("evtx"));
    }

    public Path rules() {
        return folder.resolve("sigma");
    }

    /** Every log of the folder, in order. */
    public List<Path> logs() throws IOException {
        try (var evtx = Files.walk(folder.resolve("evtx"));
                var logs = Files.walk(folder.resolve("logs"))) {
            return java.util.stream.Stream.concat(evtx, logs)
                    .filter(RealData::isLog)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isLog(Path file) {
        try {
            return Files.isRegularFile(file) && RecordFiles.isLog(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
