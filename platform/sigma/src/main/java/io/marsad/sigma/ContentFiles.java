package io.marsad.sigma;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
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
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(root) && isHidden(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                boolean there = attributes.isRegularFile() || attributes.isSymbolicLink() && Files.isRegularFile(file);
                if (there && isDocument(file)) {
                    if (files.size() == MAX_FILES) {
                        throw new IOException(root + " has more than " + MAX_FILES + " files");
                    }
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static boolean isDocument(Path path) {
        var name = path.getFileName().toString();
        return (name.endsWith(".yml") || name.endsWith(".yaml")) && !name.startsWith(".") && !isProof(path);
    }

    /** {@code x.test.yaml} or {@code x.test.yml}. */
    public static boolean isProof(Path path) {
        var name = path.getFileName().toString();
        return name.endsWith(".test.yaml") || name.endsWith(".test.yml");
    }
}
