package io.marsad.agent.collect;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Files by name: absolute paths, with wildcards ({@code *}, {@code ?}) in the name of the file only.
 *
 * @param limit never more files than that
 */
record FilePatterns(HostRoot root, List<String> patterns, int limit) {
    private static final int LISTED = 20_000;

    FilePatterns {
        patterns = List.copyOf(patterns);
    }

    /** The regular ones that are there now. */
    Set<Path> files() {
        var found = new LinkedHashSet<Path>();
        for (var pattern : patterns) {
            var matches = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash(pattern) + 1));
            var listed = HostRoot.list(folder(pattern), LISTED);
            listed.sort(null); // the same ones again where there are more than the limit
            for (var file : listed) {
                if (matches.matches(file.getFileName()) && found.size() < limit && Files.isRegularFile(file)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** The folders that they are in. */
    Set<Path> folders() {
        var found = new LinkedHashSet<Path>();
        patterns.forEach(pattern -> found.add(folder(pattern)));
        return found;
    }

    private Path folder(String pattern) {
        return root.of(slash(pattern) == 0 ? "/" : pattern.substring(0, slash(pattern)));
    }

    private static int slash(String pattern) {
        return pattern.lastIndexOf('/');
    }

    /** As the host calls it. */
    String path(Path file) {
        return "/" + root.path().relativize(file);
    }
}
