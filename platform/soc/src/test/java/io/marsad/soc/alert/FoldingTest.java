package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveEvent;
import io.marsad.soc.live.LiveFeed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Firings on the same are one alert. A detection's host is its number modulo ten, its time so many seconds later. */
class FoldingTest {
    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alerts alerts = new Alerts(database, clock, Alerts.WINDOW);
    private final Triage triage = new Triage(database, clock);

    @Test
    void whatFiresAgainOnTheSameIsCounted() throws Exception {
        var first = raise(1).created().getFirst();
        clock.advance(Duration.ofSeconds(9));
        var again = raise(11, 21);

        assertThat(again.created()).isEmpty();
        var grown = again.grown().getFirst();
        assertThat(grown.id()).isEqualTo(first.id());
        assertThat(grown.count()).isEqualTo(3);
        assertThat(grown.eventCount()).isEqualTo(3);
        assertThat(grown.firstTime()).isEqualTo(Detections.TIME.plusSeconds(1));
        assertThat(grown.time()).isEqualTo(Detections.TIME.plusSeconds(21));
        assertThat(grown.updatedAt()).isEqualTo(clock.instant());
        assertThat(grown.version()).as("nobody's act is held up by it").isEqualTo(1);
        var detail = as(() -> alerts.detail(first.id()));
        assertThat(detail.evidence()).extracting(one -> one.event().low()).containsExactly(1L, 11L, 21L);
        assertThat(detail.history())
                .extracting(AlertDetail.HistoryEntry::action)
                .containsExactly("raised", "fired");
        assertThat(again.alertOf(detection("r", 21).alertId(tenant))).isEqualTo(first.id());
        try (var feed = new LiveFeed(database);
                var listener = feed.listen(tenant, 0L)) {
            assertThat(listener.poll(Duration.ofSeconds(5)))
                    .extracting(LiveEvent::kind)
                    .containsExactly("alert.created", "alert.updated");
        }
    }

    @Test
    void foundAgainItIsNotCountedAgain() throws Exception {
        raise(1);
        raise(11);
        assertThat(raise(1, 11).grown()).isEmpty();
        var found = raise(1, 11, 21);
        assertThat(found.grown()).extracting(Alert::count).containsExactly(3L);
        assertThat(found.alertOf(detection("r", 11).alertId(tenant)))
                .isEqualTo(detection("r", 1).alertId(tenant));
    }

    @Test
    void anotherRuleAnotherHostAndAnotherTimeAreOtherAlerts() throws Exception {
        raise(1);
        assertThat(raise(detection("other", 11)).created()).hasSize(1);
        assertThat(raise(2).created()).hasSize(1);
        assertThat(raise(302).grown()).as("300 s later").hasSize(1);
        assertThat(raise(612).created()).as("310 s later").hasSize(1);
        assertThat(raise(902, 1202).grown())
                .as("each a window after the one before")
                .extracting(Alert::count)
                .containsExactly(3L);
    }

    @Test
    void itDoesNotMatterInWhichOrderABatchHasThem() throws Exception {
        assertThat(raise(801, 1, 501, 301).created()).extracting(Alert::count).containsExactly(4L);
    }

    @Test
    void whatIsClosedStaysClosed() throws Exception {
        var first = raise(1).created().getFirst();
        as(() -> triage.act(first.id(), new Act.Move(AlertStatus.RESOLVED, Verdict.BENIGN, null, null), null, null));
        var second = raise(11).created();
        assertThat(second).hasSize(1);
        assertThat(raise(1, 21).grown())
                .extracting(Alert::id)
                .containsExactly(second.getFirst().id());
        var closed = as(() -> alerts.get(first.id()));
        assertThat(closed.status()).isEqualTo(AlertStatus.RESOLVED);
        assertThat(closed.count()).isEqualTo(1);
    }

    @Test
    void whatNothingIdentifiesIsNeverTheSame() throws Exception {
        for (int i = 0; i < 3; i++) {
            var one = detection("r", i);
            var anonymous = new Detection(one.rule(), one.key(), one.evidence(), 1, List.of(), "", false);
            assertThat(raise(anonymous).created()).hasSize(1);
        }
    }

    @Test
    void anAlertThatFiresForDaysStaysSmall() throws Exception {
        for (int from = 0; from < 300; from += 60) {
            raise(IntStream.range(from, from + 60)
                    .map(i -> i * 10 + 1)
                    .mapToObj(i -> detection("r", i))
                    .toArray(Detection[]::new));
        }
        var detail = as(() -> alerts.detail(detection("r", 1).alertId(tenant)));
        assertThat(detail.alert().count()).isEqualTo(300);
        assertThat(detail.evidence()).hasSize(1 + IntakeRows.RING);
        assertThat(detail.evidence().getFirst().event().low()).isEqualTo(1);
        assertThat(detail.evidence().getLast().event().low()).isEqualTo(2991);
        assertThat(detail.history()).hasSize(4);
    }

    @Test
    void twoTransactionsAtOnceMakeOneAlertAndLoseNoCount() throws Exception {
        var wide = new Alerts(database, clock, Duration.ofHours(1));
        long seed = System.nanoTime();
        int firings = 1_000;
        try (var threads = Executors.newFixedThreadPool(2)) {
            var runs = new ArrayList<Future<Integer>>();
            for (int thread = 0; thread < 2; thread++) {
                // Half of what each raises the other raises, too.
                var mine = new ArrayList<>(IntStream.range(thread * firings / 2, thread * firings / 2 + firings)
                        .boxed()
                        .toList());
                var random = new Random(seed + thread);
                Collections.shuffle(mine, random);
                runs.add(threads.submit(() -> {
                    for (int from = 0; from < mine.size(); ) {
                        int to = Math.min(mine.size(), from + 1 + random.nextInt(80));
                        var some = mine.subList(from, to).stream()
                                .map(i -> detection("rule-" + i % 3, i))
                                .toList();
                        database.inTenant(tenant, c -> wide.raise(c, tenant, some, List.of()));
                        from = to;
                    }
                    return mine.size();
                }));
            }
            for (var run : runs) {
                run.get();
            }
        }
        var page = as(() -> alerts.list(AlertFilter.ALL, 500, null));
        assertThat(page.total()).as("seed " + seed).isEqualTo(30);
        assertThat(page.alerts().stream().mapToLong(Alert::count).sum())
                .as("seed " + seed)
                .isEqualTo(firings * 3 / 2);
    }

    private static Detection detection(String rule, int number) {
        return Detections.detection(new TenantId("any"), rule, "low", number);
    }

    private Intake raise(int... numbers) {
        return raise(IntStream.of(numbers).mapToObj(i -> detection("r", i)).toArray(Detection[]::new));
    }

    private Intake raise(Detection... detections) {
        return database.inTenant(tenant, c -> alerts.raise(c, tenant, List.of(detections), List.of()));
    }

    private <R> R as(Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, "test"), work::call);
    }
}
