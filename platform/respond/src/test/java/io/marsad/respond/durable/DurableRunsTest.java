package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.DatabaseException;
import io.marsad.db.outbox.Follower;
import io.marsad.testkit.CutDatabase;
import io.marsad.testkit.DueItems;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever dies, and when: no run is lost, none is stuck, and nothing is done twice. */
class DurableRunsTest {
    private static final int RUNS = Integer.getInteger("marsad.runs", 48);

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final SplittableRandom random = Seed.of("DurableRunsTest").random();
    private final ManyRuns runs = new ManyRuns(clock, random);
    private final RecordingVendor vendor = new RecordingVendor(runs.catalogue, random.split());

    @Test
    void killedAnywhereEveryShippedPlaybookEndsAndDoesNothingTwice() throws Exception {
        runs.shelve();
        runs.begin(RUNS);
        int cuts = 0;
        try (var faulty = new CutDatabase()) {
            var reader = new RunFollower.Reader(vendor, null);
            var runFollower =
                    new RunFollower(faulty.database(), runs.shelf, ManyRuns.requests(runs.catalogue), reader, clock);
            var actionFollower = new ActionFollower(faulty.database(), vendor, clock);
            for (int pass = 0; !runs.isEnded() && pass < 100_000; pass++) {
                faulty.arm(random.nextInt(1, 25), random.nextBoolean());
                boolean worked = attempt(Runs.QUEUE, runFollower) | attempt(ActionRequests.QUEUE, actionFollower);
                cuts += faulty.disarm() ? 1 : 0;
                if (!worked && !runs.people(vendor.done()::containsKey)) {
                    var wait = Duration.between(clock.instant(), runs.next());
                    clock.advance(wait.isNegative() ? Duration.ofMillis(1) : wait.plusMillis(1));
                }
            }
        }
        System.out.println("cut " + cuts + " times, died " + vendor.deaths() + " times, "
                + vendor.done().size() + " actions");
        assertThat(cuts).isGreaterThan(RUNS);
        assertThat(vendor.deaths()).isGreaterThan(RUNS / 4);
        runs.assertWhole(vendor.done());
    }

    /** @return whether there was something to do */
    private boolean attempt(String queue, Follower follower) {
        var claim = DueItems.claim(runs.database, runs.tenant, queue, clock.instant(), 20);
        if (claim.items().isEmpty()) {
            return false;
        }
        try {
            follower.follow(claim);
        } catch (DatabaseException e) {
            assertThat(e.getCause()).as("only the connection fails").isInstanceOf(SQLException.class);
        } catch (Exception e) {
            assertThat(e).as("only what was killed fails").hasStackTraceContaining("killed");
        }
        return true;
    }
}
