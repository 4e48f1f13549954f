package io.marsad.sigma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which files of a content folder are documents. */
public final class ContentFiles {
    private static final int MAX_FILES = 200_000;

    private ContentFiles() {}

    /**
     * YAML files under a folder (or the file itself), sorted by path; hidden files and folders and {@code *.test.yaml}
     * are left out.
     */
    public static List<Path> under(Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(root);
        }
        try (var paths = Files.walk(root)) {
            var files = paths.filter(p -> isDocument(root, p))
                    .limit(MAX_FILES)
                    .sorted()
                    .toList();
            if (files.size() == MAX_FILES) {
                throw new IOException(root + " has more than " + MAX_FILES + " files");
            }
            return files;
        }
    }

    private static boolean isDocument(Path root, Path path) {
        for (Path part : root.relativize(path)) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        var name = path.getFileName().toString();
        return (name.endsWith(".yml") || name.endsWith(".yaml")) && !isProof(path) && Files.isRegularFile(path);
    }

    /** {@code x.test.yaml} or {@code x.test.yml}. */
    public static boolean isProof(Path path) {
        var name = path.getFileName().toString();
        return name.endsWith(".test.yaml") || name.endsWith(".test.yml");
    }
}
