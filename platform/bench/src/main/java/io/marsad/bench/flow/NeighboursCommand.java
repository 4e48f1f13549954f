package io.marsad.bench.flow;

import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench neighbours}. Exit code 1 when the neighbour is slower than the bar allows, or anything was lost. */
@Command(
        name = "neighbours",
        description = {
            "Two tenants on one platform: one sends what its quota allows, or twenty times that, in turns; the other sends",
            "at its own pace, and its p99 from sending to 'durable' and from there to the alert is compared. One line of",
            "JSON. Page: docs/reference/bench.md"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class NeighboursCommand implements Callable<Integer> {
    private static final long SEED = 20_261_122;
    private static final double MOST_GROWTH = 0.2;
    private static final List<String> JVM = List.of("-Xms48m", "-Xmx1200m");

    @Option(names = "--rounds", paramLabel = "N", description = "Of each, in turns (default: 9).")
    private int rounds = 9;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each round is measured (default: 20).")
    private int seconds = 20;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Seconds of each before anything is measured (default: 60).")
    private int warmUp = 60;

    @Option(
            names = "--quota",
            paramLabel = "N",
            description = "Records a second of the one that floods (default: 500).")
    private int quota = 500;

    @Option(names = "--times", paramLabel = "N", description = "So many times its quota it sends (default: 20).")
    private int times = 20;

    @Override
    public Integer call() throws Exception {
        var terminal = new Terminal(
                System.err, System.console() != null && System.console().isTerminal());
        var folder = Files.createTempDirectory("marsad-bench-neighbours");
        // PostgreSQL does not run as root: another account has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        FlowCommand.rules(folder);
        terminal.progress(0, "starting the platform");
        var quiet = new ArrayList<Neighbours.Round>();
        var flooded = new ArrayList<Neighbours.Round>();
        try (var platform = Platform.start(folder, JVM, List.of());
                var neighbours = Neighbours.on(platform, new Traffic(SEED), quota)) {
            // Until the JIT compiler is done, it and nobody else makes the tail.
            neighbours.round(1, warmUp);
            neighbours.round(times, warmUp);
            for (int i = 0; i < rounds; i++) {
                terminal.progress((i + 1.0) / (rounds + 1), "round " + (i + 1) + " of " + rounds);
                boolean floodFirst = i % 2 == 1;
                (floodFirst ? flooded : quiet).add(neighbours.round(floodFirst ? times : 1, seconds));
                (floodFirst ? quiet : flooded).add(neighbours.round(floodFirst ? 1 : times, seconds));
            }
        }
        terminal.clear();
        return print(quiet, flooded) ? 0 : 1;
    }

    private boolean print(List<Neighbours.Round> quiet, List<Neighbours.Round> flooded) throws IOException {
        double ack = growth(quiet, flooded, Neighbours.Round::ackMillis);
        double alert = growth(quiet, flooded, Neighbours.Round::alertMillis);
        long missing = sum(quiet, Neighbours.Round::missing) + sum(flooded, Neighbours.Round::missing);
        long refusedNeighbour = sum(quiet, Neighbours.Round::refused) + sum(flooded, Neighbours.Round::refused);
        boolean ok = ack < MOST_GROWTH && alert < MOST_GROWTH && missing == 0 && refusedNeighbour == 0;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("quota_per_s", quota);
        line.put("times", times);
        line.put("flood_sent_per_s", median(flooded, round -> round.floodSent() / (double) seconds));
        line.put("flood_taken_per_s", median(flooded, round -> round.floodTaken() / (double) seconds));
        line.put("flood_429_per_s", median(flooded, round -> round.flood429() / (double) seconds));
        line.put("ack_p99_ms_without", all(quiet, Neighbours.Round::ackMillis));
        line.put("ack_p99_ms_with", all(flooded, Neighbours.Round::ackMillis));
        line.put("ack_p99_growth", rounded(ack));
        line.put("alert_p99_ms_without", all(quiet, Neighbours.Round::alertMillis));
        line.put("alert_p99_ms_with", all(flooded, Neighbours.Round::alertMillis));
        line.put("alert_p99_growth", rounded(alert));
        line.put("neighbour_refused", refusedNeighbour);
        line.put("neighbour_alerts_missing", missing);
        line.put("load", rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        line.put("ok", ok);
        System.out.println(new JsonMapper().writeValueAsString(line));
        return ok;
    }

    private static double growth(
            List<Neighbours.Round> quiet, List<Neighbours.Round> flooded, Function<Neighbours.Round, Double> what) {
        return median(flooded, what) / median(quiet, what) - 1;
    }

    private static long sum(List<Neighbours.Round> some, Function<Neighbours.Round, Long> what) {
        return some.stream().mapToLong(what::apply).sum();
    }

    private static List<Double> all(List<Neighbours.Round> some, Function<Neighbours.Round, Double> what) {
        return some.stream().map(what).map(NeighboursCommand::rounded).toList();
    }

    private static double median(List<Neighbours.Round> some, Function<Neighbours.Round, Double> what) {
        var sorted = new ArrayList<>(some.stream().map(what).toList());
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return rounded(sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
