package io.marsad.agent;

import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.guard.CpuWatch;
import io.marsad.agent.policy.PolicyReader;
import io.marsad.agent.policy.PolicyRefused;
import io.marsad.agent.policy.PolicySource;
import io.marsad.agent.policy.PolicyStore;
import io.marsad.agent.spool.Spool;
import io.marsad.agent.spool.SpoolConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The command: {@code run --config FILE} and {@code collect --once NAME...}. */
public final class Main {
    private static final List<String> ONCE = List.of("processes", "sockets", "inventory");
    private static final String USAGE = """
            usage: run --config FILE        collects as the policy says, into the spool
                   collect --once NAME...   prints what is there now as JSON lines; NAME: processes, sockets,
                                            inventory

            FILE: {"data": "/var/lib/marsad-agent", "policy": "/etc/marsad-agent/policy.json"}""";

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        System.exit(main(List.of(arguments), System.out, System.err));
    }

    /** The exit code: 0, 1 when it could not run, 2 when it was not told rightly. */
    static int main(List<String> arguments, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        if (arguments.size() > 2 && arguments.subList(0, 2).equals(List.of("collect", "--once"))) {
            var names = arguments.subList(2, arguments.size());
            if (ONCE.containsAll(names)) {
                for (var name : names) {
                    Collectors.of(name, HostRoot.real(), Path.of("."), List.of(), InstantSource.system())
                            .ifPresent(collector -> collector.poll(out::println));
                }
                out.flush();
                return 0;
            }
        } else if (arguments.size() == 3 && arguments.subList(0, 2).equals(List.of("run", "--config"))) {
            try {
                return run(Path.of(arguments.get(2)), err);
            } catch (IOException | PolicyRefused | JacksonException e) {
                err.println("marsad agent: " + e.getMessage());
                return 1;
            }
        }
        err.println(USAGE);
        return 2;
    }

    private static int run(Path config, PrintStream err) throws IOException, PolicyRefused, InterruptedException {
        var json = JsonMapper.shared().readTree(Files.readString(config));
        var data = json.path("data").asString("");
        var policy = json.path("policy").asString("");
        if (data.isEmpty() || policy.isEmpty()) {
            throw new IOException(config + ": data and policy are missing\n" + USAGE);
        }
        var folder = Files.createDirectories(Path.of(data));
        var clock = InstantSource.system();
        var store = PolicyStore.open(folder.resolve("policy.json"), clock);
        fetch(file(Path.of(policy)), store, err);
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                stopped.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")))) {
            var agent = new Agent(spool, new CpuWatch(0.01, Main::cpuMillis, clock), clock);
            var current = store.current();
            if (current.isEmpty()) {
                throw new IOException(policy + ": no policy was ever applied here");
            }
            current.get()
                    .collectors()
                    .forEach((name, how) -> Collectors.of(name, HostRoot.real(), folder, how.paths(), clock)
                            .ifPresent(collector -> agent.add(collector, how)));
            err.println("marsad agent: policy " + current.get().version() + ", "
                    + current.get().collectors().keySet());
            long told = clock.millis();
            while (!stop.await(agent.round(), TimeUnit.MILLISECONDS)) {
                if (clock.millis() - told >= 60_000) {
                    told = clock.millis();
                    err.println("marsad agent: " + agent.status());
                }
            }
            agent.close();
            err.println("marsad agent: stopped, " + agent.status());
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /** What cannot be applied is told, and the last good one stays. */
    private static void fetch(PolicySource source, PolicyStore store, PrintStream err) {
        try {
            var newest = source.newest();
            if (newest.isPresent()) {
                store.apply(newest.get());
            }
        } catch (IOException | PolicyRefused e) {
            err.println("marsad agent: the policy is not applied: " + e.getMessage());
        }
    }

    /** Whoever may write the file may say what is collected: signatures come with the network. */
    private static PolicySource file(Path file) {
        return () -> {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(file)) {
                return Optional.of(in.readNBytes(PolicyReader.LIMIT + 1));
            }
        };
    }

    private static long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
    }
}
