package io.marsad.bench.sigma;

import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleCache;
import io.marsad.sigma.RuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads and compiles rules in a JVM that has just started, as a command does. Arguments: the cache, then folders. */
final class LoadOnce {
    private LoadOnce() {}

    public static void main(String[] arguments) throws IOException {
        var folders = new ArrayList<Path>();
        for (int i = 1; i < arguments.length; i++) {
            folders.add(Path.of(arguments[i]));
        }
        System.out.println(milliseconds(folders, Path.of(arguments[0])));
    }

    private static long milliseconds(List<Path> folders, Path file) throws IOException {
        long start = System.nanoTime();
        var cache = RuleCache.open(file);
        RuleSet.load(folders, FieldResolver.UNMAPPED, Placeholders.NONE, cache).compile();
        long taken = (System.nanoTime() - start) / 1_000_000;
        cache.save();
        return taken;
    }

    /** Wall time in a new JVM, milliseconds. */
    static long inNewProcess(Path root, List<Path> folders, Path cache) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseParallelGC",
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                LoadOnce.class.getName(),
                cache.toString()));
        folders.forEach(f -> command.add(f.toString()));
        var process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("loading the rules failed in a process of its own");
        }
        return Long.parseLong(output);
    }

    /** Wall time in this JVM once it is warm, as a reload is. */
    static long again(Path root, List<Path> folders, Path cache) throws IOException {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            best = Math.min(best, milliseconds(folders, cache));
        }
        return best;
    }
}
