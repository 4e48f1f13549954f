package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.Balance;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.LogFullException;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What stands behind the log stands still: senders are told to come again, and nothing that was taken is lost. */
final class OverloadTest {
    private static final Sender SENDER = new Sender(Pipeline.A, "test");
    private static final int LOG_BYTES = 256 << 10;
    private static final int RECORDS = 20;

    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private final CountDownLatch standsStill = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private int sent;

    @Test
    void sendersWaitUntilThereIsRoomAndNothingIsLost() throws Exception {
        FindingSink sink = (connection, tenant, findings) -> {
            standsStill.countDown();
            awaitUninterrupted(goesOn);
            Pipeline.raise(connection, tenant, findings);
        };
        try (var db = new TestDatabase()) {
            db.empty();
            var ids = new ArrayList<EventId>();
            try (var pipeline = new Pipeline(db, new FaultyDisk(), clock, new SplittableRandom(1), sink, LOG_BYTES)) {
                ids.addAll(send(pipeline, "bad"));
                awaitUninterrupted(standsStill);
                LogFullException full = null;
                while (full == null) {
                    full = fill(pipeline, ids);
                    assertThat(ids).as("it takes no end of records").hasSizeLessThan(100_000);
                }
                assertThat(full.retryAfterMillis()).isPositive();
                assertThat(pipeline.log.bytes()).isLessThanOrEqualTo(LOG_BYTES + (64 << 10));
                assertThat(fill(pipeline, ids)).as("still no room").isNotNull();

                goesOn.countDown();
                while (fill(pipeline, ids) != null) {
                    assertThat(pipeline.workers.status().getFirst().running()).isTrue();
                    Thread.onSpinWait();
                }
                pipeline.awaitProcessed();
                assertThat(pipeline.store.all())
                        .extracting(KeptEvents.Kept::id)
                        .containsExactlyInAnyOrderElementsOf(ids);
                assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(ids.size(), 0, 0, 0));
            }
            assertThat(Pipeline.raised(db).values()).containsExactly(1);
        }
    }

    private @Nullable LogFullException fill(Pipeline pipeline, List<EventId> ids) throws IOException {
        try {
            ids.addAll(send(pipeline, "ok"));
            return null;
        } catch (LogFullException e) {
            return e;
        }
    }

    private List<EventId> send(Pipeline pipeline, String first) throws IOException, LogFullException {
        var batch = pipeline.intake.begin(SENDER, "syslog", null, false);
        for (int i = 0; i < RECORDS; i++) {
            var text = (i == 0 ? first : "ok") + " ann " + sent++ + " " + "x".repeat(200);
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.add(bytes, 0, bytes.length);
        }
        return batch.commit().ids();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
