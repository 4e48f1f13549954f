package io.marsad.bench.flow;

import io.marsad.server.client.Terminal;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench runs}. Exit code 1 when a run was lost or a bar missed. */
@Command(
        name = "runs",
        description = {
            "How fast playbooks go: runs of three steps a second that are begun over HTTP and carried out by the platform",
            "itself; how much of a core runs cost that wait for a person; and how long after an alert the first step of",
            "the playbook that it starts is carried out."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class RunsCommand implements Callable<Integer> {
    private static final double LEAST_PER_SECOND = 200;
    private static final double MOST_OF_A_CORE = 1;
    private static final double MOST_SECONDS = 2;

    /** What the steps of the measured runs do. */
    enum Step {
        /** Answered where it is asked. */
        look_up("{type: ip, value: 192.0.2.1}"),
        /** Through the outbox, as all that is asked of others. */
        query_alerts("{query: 192.0.2.1}");

        private final String parameters;

        Step(String parameters) {
            this.parameters = parameters;
        }

        String parameters() {
            return parameters;
        }
    }

    @Option(names = "--runs", paramLabel = "N", description = "Runs of three steps (default: 6,000).")
    private int runs = 6_000;

    @Option(
            names = "--first",
            paramLabel = "N",
            description = "Runs before those that are measured, while the JVM compiles (default: 6,000).")
    private int first = 6_000;

    @Option(
            names = "--step",
            paramLabel = "look_up|query_alerts",
            description = {
                "What the steps do (default: look_up): a look-up is answered where it is asked for, a question for",
                "alerts goes through the outbox, as all that products are asked for."
            })
    private Step step = Step.look_up;

    @Option(names = "--waiting", paramLabel = "N", description = "Runs that wait (default: 10,000).")
    private int waiting = 10_000;

    @Option(names = "--alerts", paramLabel = "N", description = "Alerts that start a playbook (default: 300).")
    private int alerts = 300;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "How long runs that wait are watched (default: 60).")
    private int idle = 60;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The platform's heap at most (default: 384m, as of 'up').")
    private String heap = "384m";

    @Option(names = "--folder", paramLabel = "DIR", description = "Where the platform's data is for the while.")
    private @Nullable Path parent;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Override
    public Integer call() throws Exception {
        if (runs < 1
                || first < 1
                || waiting < 1
                || alerts < 1
                || idle < 1
                || !format.equals("table") && !format.equals("json")) {
            System.err.println("marsad bench runs: numbers are 1 or more, --format is table or json");
            return 2;
        }
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var folder = parent == null
                ? Files.createTempDirectory("marsad-bench-runs")
                : Files.createTempDirectory(parent, "marsad-bench-runs");
        // PostgreSQL does not run as root: another account has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        AlertTraffic.rules(AlertTraffic.Mix.MIXED, folder);
        terminal.progress(0, "starting the platform");
        var result = new LinkedHashMap<String, Object>();
        boolean whole;
        try (var platform = Platform.start(folder, List.of("-Xms48m", "-Xmx" + heap), List.of("alerts.window=0s"))) {
            var measured = new PlaybookRuns(platform, folder.resolve("data"), terminal, result);
            whole = measured.rate(first, runs, step) & measured.waiting(waiting, idle) & measured.alerts(alerts);
            result.put("rss_mb", platform.peakBytes() >> 20);
        }
        terminal.clear();
        result.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        result.put("whole", whole); // apart from how fast it was
        boolean ok = whole
                && number(result, "runs_per_s") >= LEAST_PER_SECOND
                && number(result, "waiting_percent_of_a_core") < MOST_OF_A_CORE
                && number(result, "alert_to_step_p95_s") <= MOST_SECONDS;
        result.put("ok", ok);
        print(result);
        return ok ? 0 : 1;
    }

    private static double number(Map<String, Object> result, String name) {
        return result.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private void print(Map<String, Object> result) {
        if (format.equals("json")) {
            System.out.println(new JsonMapper().writeValueAsString(result));
        } else {
            result.forEach(
                    (name, value) -> System.out.printf(Locale.ROOT, "  %-32s %s%n", name.replace('_', ' '), value));
        }
    }
}
