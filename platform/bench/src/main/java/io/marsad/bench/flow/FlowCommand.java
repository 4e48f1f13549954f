package io.marsad.bench.flow;

import io.marsad.bench.sigma.Data;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench end-to-end}. */
@Command(
        name = "end-to-end",
        description = {
            "The platform as 'up' starts it, in a process of its own: HTTP batches in, durable, all rules, searchable,",
            "alerts. Counts what was lost or stored twice; exits 1 when anything was, or a bar was missed that is set.",
            "Page: docs/reference/bench.md"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FlowCommand implements Callable<Integer> {
    private static final long SEED = 20_261_121;

    @Option(names = "--seconds", paramLabel = "N", description = "How long is measured (default: 30).")
    private int seconds = 30;

    @Option(names = "--warm-up", paramLabel = "N", description = "Seconds before that (default: 15).")
    private int warmUp = 15;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Records a second that are sent; 0: as fast as they are worked through (default: 0).")
    private int rate;

    @Option(names = "--connections", paramLabel = "N", description = "Default: 6.")
    private int connections = 6;

    @Option(names = "--batch", paramLabel = "N", description = "Records a request (default: 500).")
    private int events = 500;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The platform's heap (default: 1200m, as 'up' has at most).")
    private String heap = "1200m";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the platform.")
    private List<String> settings = List.of();

    @Option(names = "--jvm", paramLabel = "OPTION", description = "An option of the platform's JVM.")
    private List<String> options = List.of();

    @Option(names = "--profile", description = "Also record where the platform's time goes, and print it.")
    private boolean profile;

    @Option(names = "--folder", paramLabel = "DIR", description = "Where the platform's data is for the while.")
    private @Nullable Path parent;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Override
    public Integer call() throws Exception {
        if (!format.equals("table") && !format.equals("json")) {
            System.err.println("marsad bench end-to-end: --format is table or json");
            return 2;
        }
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var folder = parent == null
                ? Files.createTempDirectory("marsad-bench-flow")
                : Files.createTempDirectory(parent, "marsad-bench-flow");
        // PostgreSQL does not run as root: another account has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        terminal.progress(0, "starting the platform");
        var recording = folder.resolve("flow.jfr");
        var rules = rules(folder);
        var jvm = new ArrayList<String>();
        jvm.add("-Xms48m");
        jvm.add("-Xmx" + heap);
        if (profile) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        jvm.addAll(options);
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("public_rules", rules ? "data folder" : "none: no data folder was found");
        try (var platform = Platform.start(folder, jvm, settings)) {
            result.put("start_s", rounded(platform.start().toMillis() / 1000.0));
            var run = new FlowRun(
                    platform, new Traffic(SEED), new FlowRun.Plan(seconds, warmUp, rate, connections, events));
            run.run(terminal, result);
            if (profile) {
                platform.stop();
                terminal.clear();
                Profile.print(recording, System.err);
            }
        }
        terminal.clear();
        print(result);
        return Long.valueOf(0).equals(result.get("lost")) && Long.valueOf(0).equals(result.get("duplicated")) ? 0 : 1;
    }

    /** Puts the public rules into the folder of a platform that is to be started in it. Returns false when there are none. */
    public static boolean rules(Path folder) throws IOException {
        var root =
                Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
        var data = Data.find(root);
        if (data == null) {
            return false;
        }
        var from = data.resolve("sigma");
        var to = folder.resolve("data/rules");
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return true;
    }

    private void print(Map<String, @Nullable Object> result) {
        if (format.equals("json")) {
            System.out.println(new JsonMapper().writeValueAsString(result));
            return;
        }
        result.forEach((name, value) ->
                System.out.printf(Locale.ROOT, "  %-30s %s%n", name.replace('_', ' '), value == null ? "-" : value));
    }

    static @Nullable Double rounded(double number) {
        return Double.isFinite(number) ? Double.valueOf(String.format(Locale.ROOT, "%.2f", number)) : null;
    }
}
