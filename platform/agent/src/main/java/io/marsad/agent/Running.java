package io.marsad.agent;

import io.marsad.agent.act.Actions;
import io.marsad.agent.act.HostActions;
import io.marsad.agent.act.Isolation;
import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.guard.CpuWatch;
import io.marsad.agent.link.Link;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.policy.PolicyRefused;
import io.marsad.agent.policy.PolicyStore;
import io.marsad.agent.spool.Spool;
import io.marsad.agent.spool.SpoolConfig;
import io.marsad.agent.update.Home;
import io.marsad.agent.update.Updates;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The agent at work: one thread looks with the collectors, a second one sends what they find, a third keeps the link. A
 * policy that comes takes the place of the one before between two looks.
 */
final class Running {
    private static final long TOLD_EVERY = 60_000;
    private static final long LINKED_EVERY = 1_000;
    private static final long HOST_LOOKED_AT_EVERY = 30_000;
    private static final double CORE = 0.01; // of one

    private final Path folder;
    private final PrintStream err;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Policy> next = new AtomicReference<>();
    private final Updates updates;
    private volatile Map<String, String> scripts = Map.of();

    Running(Path folder, PrintStream err, InstantSource clock) throws IOException {
        this.folder = folder;
        this.err = err;
        this.clock = clock;
        this.updates =
                new Updates(Home.at(System.getenv(Home.VARIABLE)), folder.resolve("update"), Main.VERSION, clock);
    }

    /** Ends {@link #run}. By any thread. */
    void stop() {
        stop.countDown();
    }

    /** Until it is told to stop, or another version is to be begun in its place. @return whether one is */
    boolean run() throws IOException, PolicyRefused, InterruptedException {
        var store = PolicyStore.open(folder.resolve("policy.json"), clock);
        store.current().ifPresent(this::apply);
        try (var spool = Spool.open(SpoolConfig.in(folder.resolve("spool")));
                var link = new Link(folder, spool, store, this::apply, updates, clock)) {
            var host = new HostActions(surroundings(link), clock);
            host.resume();
            var actions = new Actions(folder.resolve("actions"), link.identity().peer(), link.keys(), host, clock);
            link.follow(actions);
            var agent = new Agent(spool, new CpuWatch(CORE, Running::cpuMillis, clock), clock);
            var shipper = new Shipper(spool, link.uplink());
            var sending = start("marsad-sending", shipper::ship);
            var linking = start("marsad-link", () -> {
                link.look();
                return LINKED_EVERY;
            });
            tell("is endpoint " + link.identity().peer().id() + " at "
                    + link.identity().server());
            var updating = start("marsad-update", () -> update(link));
            if (next.get() == null) {
                tell("waits for its first policy");
            }
            work(agent, link, host);
            link.leave(); // whoever waits for an answer does not any more
            actions.close();
            sending.join();
            linking.join();
            updating.join();
            agent.close();
            tell((updates.isReady() ? "makes way for another version, " : "stopped, ") + agent.status() + " "
                    + link.status());
            return updates.isReady();
        }
    }

    private long update(Link link) throws InterruptedException {
        long wait = updates.step(link.channel());
        if (updates.isReady()) {
            stop();
        }
        return wait;
    }

    private void apply(Policy policy) {
        scripts = policy.scripts();
        updates.want(policy.agent(), policy.version());
        next.set(policy);
    }

    private HostActions.Surroundings surroundings(Link link) {
        return new HostActions.Surroundings(
                Path.of("/"),
                folder,
                () -> {
                    var identity = link.identity();
                    return new Isolation.Relay(
                            identity.server().host(),
                            Set.of(identity.server().port(), identity.door().port()));
                },
                () -> scripts,
                link.evidence());
    }

    private void work(Agent agent, Link link, HostActions host) throws InterruptedException {
        long told = clock.millis();
        long looked = told;
        long wait = 1;
        while (!stop.await(wait, TimeUnit.MILLISECONDS)) {
            var policy = next.getAndSet(null);
            if (policy != null) {
                agent.close();
                policy.collectors()
                        .forEach((name, how) -> Collectors.of(name, HostRoot.real(), folder, how, clock)
                                .ifPresent(collector -> agent.add(collector, Collectors.bearable(name, how))));
                tell("policy " + policy.version() + ": "
                        + String.join(", ", policy.collectors().keySet()));
            }
            wait = agent.round();
            if (clock.millis() - looked >= HOST_LOOKED_AT_EVERY) {
                looked = clock.millis();
                host.look();
            }
            if (clock.millis() - told >= TOLD_EVERY) {
                told = clock.millis();
                tell(agent.status() + " " + link.status() + (host.isIsolated() ? " isolated" : ""));
            }
        }
    }

    private interface Turn {
        /** @return milliseconds until the next */
        long take() throws InterruptedException;
    }

    private Thread start(String name, Turn turn) {
        var thread = new Thread(
                () -> {
                    try {
                        long wait;
                        do {
                            wait = turn.take();
                        } while (!stop.await(wait, TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void tell(String what) {
        err.println("marsad agent: " + what);
    }

    private static long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
    }
}
