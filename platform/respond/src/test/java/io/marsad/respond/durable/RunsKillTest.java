package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two processes go on with the runs of all shipped playbooks and are killed with kill -9 again and again. */
class RunsKillTest {
    private static final int KILLS = Integer.getInteger("marsad.kills", 8);
    /** Looked at so often, one is killed. */
    private static final int EVERY = Integer.getInteger("marsad.kill.every", 12);

    private static final int RUNS = Integer.getInteger("marsad.killed.runs", 32);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(Long.getLong("marsad.kill.minutes", 4));

    private final SplittableRandom random = Seed.of("RunsKillTest").random();
    private final List<Node> nodes = new ArrayList<>();
    private long ahead;
    private final ManyRuns runs = new ManyRuns(this::now, random.split());

    /** A child and the way to tell it the time. */
    private record Node(Process process, Writer clock) {}

    private Instant now() {
        return Instant.now().plusMillis(ahead);
    }

    @Test
    void killedAgainAndAgainNoRunIsLostOrStuckAndNothingIsDoneTwice() throws Exception {
        runs.shelve();
        runs.begin(RUNS);
        try (var vendor = new VendorServer()) {
            int kills = 0;
            int unknown = 0;
            nodes.add(node(vendor, LEASE));
            nodes.add(node(vendor, LEASE));
            long until = System.nanoTime() + LONGEST.toNanos();
            while (!runs.isEnded() || kills < KILLS) {
                assertThat(System.nanoTime()).as("none is stuck").isLessThan(until);
                unknown += (int) runs.count("SELECT count(*) FROM actions WHERE tenant_id = ? AND status = 'unknown'");
                runs.people(vendor.done()::containsKey);
                putClockOn();
                if (kills < KILLS && random.nextInt(EVERY) == 0) {
                    kill(vendor);
                    kills++;
                    if (runs.isEnded()) {
                        runs.begin(4);
                    }
                }
            }
            System.out.println("killed " + kills + " processes, "
                    + vendor.done().size() + " actions, asked a person " + unknown + " times");
            runs.assertWhole(vendor.done());
        } finally {
            nodes.forEach(node -> node.process().destroyForcibly());
        }
    }

    /** With the leases of production: a node that dies while it has something done is followed by the other. */
    @Test
    void anotherNodeTakesOverWithinFifteenSeconds() throws Exception {
        runs.shelve();
        try (var vendor = new VendorServer()) {
            vendor.hold();
            nodes.add(node(vendor, RunWorkers.LEASE));
            runs.begin(8);
            vendor.awaitAsked();
            nodes.add(node(vendor, RunWorkers.LEASE));
            long killed = System.nanoTime();
            nodes.getFirst().process().destroyForcibly().waitFor();
            vendor.letGo();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> runs.count("SELECT count(*) FROM actions WHERE tenant_id = ? AND status IN"
                                    + " ('requested', 'dispatched')")
                            == 0);
            var took = Duration.ofNanos(System.nanoTime() - killed);
            System.out.println("taken over after " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofSeconds(15));
            assertThat(vendor.done().values()).as("nothing is done twice").allMatch(times -> times == 1);
        } finally {
            nodes.forEach(node -> node.process().destroyForcibly());
        }
    }

    /** Nobody holds anything and nothing is due: what waits for time need not be waited for. */
    private void putClockOn() throws IOException {
        if (runs.count("SELECT count(*) FROM playbook_runs WHERE tenant_id = ? AND status = 'running'") == 0
                || runs.count("SELECT count(*) FROM actions WHERE tenant_id = ? AND status IN"
                                + " ('awaiting_approval', 'unknown', 'requested', 'dispatched')")
                        > 0) {
            return;
        }
        var wait = Duration.between(now().plus(LEASE), runs.next());
        if (wait.isPositive()) {
            ahead += wait.plus(LEASE).toMillis();
            for (var node : nodes) {
                node.clock().write(ahead + "\n");
                node.clock().flush();
            }
        }
    }

    private void kill(VendorServer vendor) throws Exception {
        int which = random.nextInt(nodes.size());
        nodes.get(which).process().destroyForcibly().waitFor();
        nodes.set(which, node(vendor, LEASE));
    }

    private Node node(VendorServer vendor, Duration lease) throws IOException {
        var access = SharedDatabase.server().access();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ChildNode.class.getName(),
                        access.url(),
                        access.owner().user(),
                        access.owner().password(),
                        access.app().user(),
                        access.app().password(),
                        String.valueOf(vendor.port()),
                        String.valueOf(ahead),
                        lease.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("begun");
        return new Node(process, new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }
}
