package io.marsad.bench.flow;

import io.marsad.bench.flow.AlertTraffic.Mix;
import io.marsad.server.client.Terminal;
import java.lang.management.ManagementFactory;
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

/** {@code marsad bench followers}. Exit code 1 when something was lost or done twice, or a follower missed its bar. */
@Command(
        name = "followers",
        description = {
            "How fast what follows alerts keeps up: risk, cases and decisions of alerts that rules raise as fast as they can,",
            "all on one platform beside each other. 'mixed' has many tenants, rules, hosts and users; 'hostile' is one tenant",
            "whose two rules fire on one host without end."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FollowersCommand implements Callable<Integer> {
    /** The bar of cases and of decisions, alerts a second. */
    private static final double LEAST = 1_000;

    @Option(names = "--alerts", paramLabel = "N", description = "Default: 50,000.")
    private int alerts = 50_000;

    @Option(names = "--mix", paramLabel = "mixed|hostile", description = "Default: mixed.")
    private Mix mix = Mix.MIXED;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The platform's heap at most (default: 384m, as of 'up').")
    private String heap = "384m";

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
        if (alerts < 1_000 || !format.equals("table") && !format.equals("json")) {
            System.err.println("marsad bench followers: --alerts is 1,000 or more, --format is table or json");
            return 2;
        }
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var folder = parent == null
                ? Files.createTempDirectory("marsad-bench-followers")
                : Files.createTempDirectory(parent, "marsad-bench-followers");
        // PostgreSQL does not run as root: another account has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        AlertTraffic.rules(mix, folder);
        terminal.progress(0, "starting the platform");
        var jvm = new ArrayList<>(List.of("-Xms48m", "-Xmx" + heap));
        var recording = folder.resolve("followers.jfr");
        if (profile) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        jvm.addAll(options);
        var result = new LinkedHashMap<String, Object>();
        result.put("mix", mix.name().toLowerCase(Locale.ROOT));
        boolean ok;
        try (var platform = Platform.start(folder, jvm, List.of("alerts.window=0s"))) {
            ok = new FollowersRun(platform, folder.resolve("data"), mix, alerts).run(terminal, result);
            if (profile) {
                platform.stop();
                terminal.clear();
                Profile.print(recording, System.err);
            }
        }
        terminal.clear();
        result.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        result.put("whole", ok); // apart from how fast it was
        ok &= reached(result, "cases_per_s") && reached(result, "decisions_per_s");
        result.put("ok", ok);
        print(result);
        return ok ? 0 : 1;
    }

    private static boolean reached(Map<String, Object> result, String name) {
        return result.get(name) instanceof Double rate && rate >= LEAST;
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
