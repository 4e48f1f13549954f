package io.marsad.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * For tests that start a node again and again: the first one leaves the JVM a cache of the classes that it loaded (two
 * fifths of a start are loading and linking), the others start from it.
 */
final class QuickStart {
    private final String classPath;
    private final Path cache;

    private QuickStart(String classPath, Path cache) {
        this.classPath = classPath;
        this.cache = cache;
    }

    /** @param folder for jars of what the class path has as folders, which such a cache does not take, and for the cache */
    static QuickStart in(Path folder) throws IOException {
        Files.createDirectories(folder);
        var entries = new ArrayList<String>();
        for (String entry : ChildNode.classPath().split(File.pathSeparator, -1)) {
            var path = Path.of(entry);
            if (Files.isDirectory(path)) {
                entries.add(jar(path, folder.resolve(entries.size() + ".jar")).toString());
            } else if (Files.exists(path)) {
                entries.add(entry);
            }
        }
        return new QuickStart(String.join(File.pathSeparator, entries), folder.resolve("classes.aot"));
    }

    /** What the JVM is given: to learn as long as there is no cache, to use it from then on. */
    List<String> options() {
        return List.of(
                (Files.exists(cache) ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=") + cache,
                "-Xlog:disable", // it tells of every class that it leaves out
                "-Xlog:all=error:stderr",
                "-cp",
                classPath);
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.skip(1)::iterator) {
                var name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                boolean folder = Files.isDirectory(file);
                out.putNextEntry(new JarEntry(folder ? name + "/" : name)); // migrations are looked for by their folder
                if (!folder) {
                    Files.copy(file, out);
                }
            }
        }
        return jar;
    }
}
