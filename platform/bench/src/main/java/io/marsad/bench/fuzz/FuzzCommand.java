package io.marsad.bench.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marsad bench fuzz}: Jazzer in a process of its own, since it instruments the classes that it runs. */
@Command(
        name = "fuzz",
        description = {
            "Fuzz a reader with Jazzer (fetched once). New inputs go to target/fuzz/TARGET, findings beside them;",
            "minimal ones belong into platform/bench/src/test/resources, where every build tries them again."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FuzzCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TARGET", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Target target = Target.EVTX;

    @Option(names = "--minutes", paramLabel = "N", description = "How long (default: 30).")
    private int minutes = 30;

    @Option(names = "--seeds", paramLabel = "DIR", description = "More inputs to start from.")
    private List<Path> seeds = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var root = Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath();
        var jazzer = root.resolve("platform/bench/target/jazzer");
        if (!Files.isDirectory(jazzer)) {
            System.err.println("Jazzer could not be fetched (target/jazzer.log).");
            return 2;
        }
        var name = target.name().toLowerCase(Locale.ROOT);
        var folder = root.resolve("target/fuzz").resolve(name);
        var corpus = folder.resolve("corpus");
        Files.createDirectories(corpus);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                jazzer.resolve("*") + File.pathSeparator + System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=io.marsad.**",
                "-max_total_time=" + minutes * 60L,
                "-max_len=" + target.longest(),
                "-timeout=20",
                "-print_final_stats=1",
                corpus.toString(),
                root.resolve("platform/bench/src/test/resources/io/marsad/bench/fuzz")
                        .resolve(name)
                        .toString()));
        seeds.forEach(more -> command.add(more.toAbsolutePath().toString()));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start()
                .waitFor();
    }
}
