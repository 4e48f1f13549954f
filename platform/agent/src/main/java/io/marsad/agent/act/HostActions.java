package io.marsad.agent.act;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All that an agent can do on a Linux host. */
public final class HostActions {
    private final List<HostAction> all;
    private final Isolation isolation;
    private final Blocks blocks;

    /**
     * What it is done with.
     *
     * @param root what takes the place of {@code /}
     * @param data where the agent keeps what is its own
     * @param relay that stays reachable
     * @param scripts that the policy in force allows, by SHA-256
     */
    public record Surroundings(
            Path root,
            Path data,
            Supplier<Isolation.Relay> relay,
            Supplier<Map<String, String>> scripts,
            Evidence evidence) {}

    public HostActions(Surroundings in, InstantSource clock) {
        isolation = new Isolation(in.root, in.data, in.relay);
        blocks = new Blocks(in.data, in.relay, clock);
        all = List.of(
                isolation,
                blocks,
                new KillProcess(in.root),
                new Quarantine(in.root, in.data),
                new LocalUsers(in.root, in.data),
                new HostQueries(in.root, clock),
                new Scripts(in.data, in.scripts),
                new TriagePackage(in.root, in.data, in.evidence, clock));
    }

    List<HostAction> all() {
        return all;
    }

    /** What outlives the agent but not the host is put in force again. */
    public void resume() throws InterruptedException {
        isolation.resume();
        blocks.resume();
    }

    /** Sees that an isolated host is still isolated. From time to time. */
    public void look() throws InterruptedException {
        isolation.resume();
    }

    /** Whether the host is cut off. */
    public boolean isIsolated() {
        return isolation.isIsolated();
    }
}
