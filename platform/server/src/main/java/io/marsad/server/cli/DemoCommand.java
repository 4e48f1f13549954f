package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.Terminal;
import io.marsad.server.demo.DemoRun;
import io.marsad.server.demo.Footprint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad demo}. */
@Command(
        name = "demo",
        description = {
            "Start the platform and play an intrusion through its real doors.",
            "",
            "A phishing document, encoded PowerShell, credential dumping, lateral movement, a stolen cloud key,"
                    + " a shell in a container, woven into ordinary activity. All of it is marked synthetic.",
            "Each alert is one line as it is raised. The console stays up until Ctrl-C."
        },
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Option(
            names = "--check",
            description = "Run the scenario to its end without a person, print one JSON line, and exit 0 only if every"
                    + " planted step was detected and nothing else raised an alert.")
    private boolean check;

    @Option(
            names = "--length",
            paramLabel = "SECONDS",
            defaultValue = "45",
            description = "Over how long the story is told (default: 45; --check tells it at once).")
    private int length = 45;

    @Override
    public Integer call() throws Exception {
        var runtime = ManagementFactory.getRuntimeMXBean();
        long processStartNanos = System.nanoTime() - runtime.getUptime() * 1_000_000L;
        var terminal = new Terminal(check ? System.err : System.out, !check && System.console() != null);
        try (var running = RunningNode.start(options.config(), terminal)) {
            long ready = System.nanoTime();
            var access = running.node().access();
            try (var client = new PlatformClient(access.url(), access.token())) {
                terminal.line("Playing the intrusion; alerts as they are raised:");
                var run = new DemoRun(client, terminal, options.config().content());
                var span = check ? Duration.ZERO : Duration.ofSeconds(length);
                var result = run.run(InstantSource.system().instant(), span);
                result.complaints().forEach(complaint -> terminal.line("  " + complaint));
                if (check) {
                    System.out.println(json(result, ready - processStartNanos, processStartNanos));
                    return result.good() ? 0 : 1;
                }
                terminal.line(result.alerts() + " alerts from " + result.events()
                        + " events. The platform stays up; Ctrl-C stops it.");
                running.awaitEnd();
                return 0;
            }
        }
    }

    private static String json(DemoRun.Result result, long readyNanos, long processStartNanos) {
        var line = new LinkedHashMap<String, Object>();
        line.put("ready_s", seconds(readyNanos));
        line.put(
                "first_alert_s",
                result.firstAlertNanos() == 0 ? null : seconds(result.firstAlertNanos() - processStartNanos));
        line.put("events", result.events());
        line.put("alerts", result.alerts());
        line.put("rules_fired", result.rulesFired());
        line.put("rss_mb", Footprint.residentMiB());
        line.put("lost", result.lost());
        line.put("duplicated", result.duplicated());
        return JSON.writeValueAsString(line);
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e7) / 100.0;
    }
}
