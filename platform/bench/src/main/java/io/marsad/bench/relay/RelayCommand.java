package io.marsad.bench.relay;

import io.marsad.server.client.Terminal;
import io.marsad.uplink.Identity;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad bench relay}. Exit code 1 when a bar was missed or records are missing. */
@Command(
        name = "relay",
        description = {
            "What one relay costs with many agents: each has a certificate and a TLS connection of its own, reports in",
            "turn, and at the end answers a query as a signed action. The relay is a process of its own; agents and what",
            "stands for the platform are in this one. 10,000 need ulimit -n 12000 and MARSAD_HEAP=4g.",
            "Prints one line of JSON."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class RelayCommand implements Callable<Integer> {
    private static final double MOST_CORES = 1;
    private static final double MOST_MEBIBYTES = 1024;
    private static final double MOST_SECONDS = 60;
    private static final double TICKS = 100; // of the kernel, a second
    private static final int START_SECONDS = 30;
    private static final int JOIN_SECONDS = 600;
    private static final int LAST_SECONDS = 120;

    @Option(names = "--agents", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int agents = 1_000;

    @Option(names = "--seconds", paramLabel = "N", description = "Measured time (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "Between two batches of one agent (default: ${DEFAULT-VALUE}).")
    private int every = 10;

    @Option(names = "--records", paramLabel = "N", description = "Of a batch (default: ${DEFAULT-VALUE}).")
    private int records = 5;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Of the relay (default: ${DEFAULT-VALUE}).")
    private String heap = "512m";

    private final Terminal terminal = new Terminal(
            System.err, System.console() != null && System.console().isTerminal());

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("marsad-bench-relay");
        var tenant = new Tenant();
        var members = new ArrayList<Tenant.Member>();
        for (int i = 0; i < agents; i++) {
            terminal.progress(0.1 * i / agents, "certificates");
            members.add(tenant.admit(PeerId.Kind.ENDPOINT));
        }
        try (var above = new ControlPlane(
                tenant, members.stream().map(one -> one.id().id()).toList())) {
            enroll(tenant, folder, above.port());
            var relay = start(folder);
            try (var all = new SimulatedAgents(tenant, port(relay, folder))) {
                return measure(relay, all, above, tenant, members);
            } finally {
                relay.destroy();
                relay.waitFor();
            }
        } finally {
            delete(folder);
        }
    }

    private static void enroll(Tenant tenant, Path folder, int port) throws IOException {
        var self = tenant.admit(PeerId.Kind.RELAY);
        var at = new Identity.Address("localhost", port);
        new Identity(
                        self.id(),
                        at,
                        at,
                        self.keys().getPrivate(),
                        self.certificate(),
                        tenant.authorities(),
                        tenant.keys())
                .write(folder);
    }

    private Process start(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.marsad.server.Main",
                        "relay",
                        "run",
                        "--data",
                        folder.toString(),
                        "--listen",
                        "127.0.0.1:" + free(),
                        "--enroll-listen",
                        "127.0.0.1:" + free(),
                        "--format",
                        "json")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int port(Process relay, Path folder) throws IOException, InterruptedException {
        var ready = Pattern.compile("\"state\":\"ready\",\"port\":(\\d+)");
        for (int i = 0; i < START_SECONDS * 10; i++) {
            var said = Files.readString(folder.resolve("output"));
            var match = ready.matcher(said);
            if (match.find() && Files.exists(folder.resolve("roster"))) { // it knows whom to let in
                return Integer.parseInt(match.group(1));
            }
            if (relay.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("the relay did not start:\n" + Files.readString(folder.resolve("output")));
            }
        }
        throw new IOException("the relay is not ready within " + START_SECONDS + " s");
    }

    private int measure(
            Process relay, SimulatedAgents all, ControlPlane above, Tenant tenant, List<Tenant.Member> members)
            throws IOException, InterruptedException {
        long joinedFrom = System.nanoTime();
        double joiningFrom = processor(relay);
        for (int i = 0; i < agents; i++) {
            terminal.progress(0.1 + 0.3 * i / agents, "connecting");
            all.join(members.get(i));
        }
        boolean there = all.allThere(JOIN_SECONDS);
        double joinSeconds = since(joinedFrom);
        double joinProcessor = processor(relay) - joiningFrom;
        all.report(records, TimeUnit.SECONDS.toMillis(every));
        pass(every, 0.4, 0.1, "reporting, before it counts");
        double from = processor(relay);
        long began = System.nanoTime();
        long recordsFrom = all.sent();
        pass(seconds, 0.5, 0.3, "reporting");
        double cores = (processor(relay) - from) / since(began);
        double rate = (all.sent() - recordsFrom) / since(began);
        double queried = query(above, tenant, members);
        all.quiet();
        for (int i = 0; i < LAST_SECONDS * 10 && above.records() < all.sent(); i++) {
            Thread.sleep(100);
        }
        var found = new LinkedHashMap<String, Object>();
        found.put("agents", agents);
        found.put("connected", above.connected());
        found.put("join_seconds", round(joinSeconds));
        found.put("join_cores", round(joinProcessor / joinSeconds));
        found.put("records_per_second", round(rate));
        found.put("cores", round(cores));
        found.put("rss_mib", round(memory(relay, "VmRSS")));
        found.put("most_rss_mib", round(memory(relay, "VmHWM")));
        found.put("kept_p50_ms", round(all.kept().millis(0.5)));
        found.put("kept_p99_ms", round(all.kept().millis(0.99)));
        found.put("query_seconds", round(queried));
        found.put("query_answered", above.answered());
        found.put("acknowledged", all.sent());
        found.put("arrived", above.records());
        found.put("doubled", above.again());
        found.put("calls_ended", all.failed());
        boolean good = there
                && cores <= MOST_CORES
                && memory(relay, "VmHWM") <= MOST_MEBIBYTES
                && queried <= MOST_SECONDS
                && above.answered() == agents
                && above.records() == all.sent()
                && above.again() == 0;
        found.put("ok", good);
        terminal.clear();
        System.out.println(JsonMapper.shared().writeValueAsString(found));
        return good ? 0 : 1;
    }

    private void pass(int howLong, double from, double part, String what) throws InterruptedException {
        for (int i = 0; i < howLong; i++) {
            terminal.progress(from + part * i / howLong, what);
            Thread.sleep(1_000);
        }
    }

    /** @return seconds until all have answered, or none does any more */
    private double query(ControlPlane above, Tenant tenant, List<Tenant.Member> members) throws InterruptedException {
        long began = System.nanoTime();
        for (var one : members) {
            above.order(tenant.query(UUID.randomUUID(), one.id().id()));
        }
        while (above.answered() < agents && since(began) < 2 * MOST_SECONDS) {
            terminal.progress(0.8 + 0.2 * above.answered() / agents, "asking");
            Thread.sleep(20);
        }
        return since(began);
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Seconds of the processor that it has had. */
    private static double processor(Process process) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private static double memory(Process process, String what) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(what + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return Double.NaN;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
