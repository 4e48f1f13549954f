package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.DeadLetter;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.LogFullException;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever was acknowledged before the power went is there afterwards, once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PowerLossTest {
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private TestDatabase db;

    @BeforeAll
    void start() throws Exception {
        db = new TestDatabase();
    }

    @AfterAll
    void stop() throws IOException {
        db.close();
    }

    /** What was acknowledged. */
    private record Told(Map<EventId, String> acknowledged) {}

    @Test
    void everyRecordIsThereOnceAndRaisesOnceWhereverThePowerGoes() throws Exception {
        var random = Seed.of("PowerLossTest").random();
        int events = 0;
        int alerts = 0;
        for (int history = 0; history < 3; history++) {
            db.empty();
            var told = new Told(new ConcurrentHashMap<>());
            var disk = new FaultyDisk();
            for (int life = 0; life < 10; life++) {
                live(disk, told, random.split(), history + "/" + life);
                disk = disk.afterPowerLoss(random);
                clock.advance(Duration.ofSeconds(1 + random.nextInt(200)));
            }
            try (var pipeline = new Pipeline(db, disk, clock, random.split(), Pipeline::raise)) {
                pipeline.awaitProcessed();
                verify(pipeline, told);
                events += pipeline.store.all().size();
                alerts += Pipeline.raised(db).size();
            }
        }
        System.out.println("30 crashes, " + events + " events, " + alerts + " alerts");
        assertThat(events).isGreaterThan(1000);
        assertThat(alerts).isGreaterThan(100);
    }

    private void live(FaultyDisk disk, Told told, SplittableRandom random, String name) throws Exception {
        disk.powerOffAfter(40 + random.nextInt(500));
        FindingSink sink = (connection, tenant, findings) -> {
            try {
                disk.list(java.nio.file.Path.of("/"));
            } catch (IOException e) {
                throw new PowerOff(e);
            }
            Pipeline.raise(connection, tenant, findings);
        };
        Pipeline pipeline;
        try {
            pipeline = new Pipeline(db, disk, clock, random.split(), sink);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("power");
            return;
        }
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 3; t++) {
            var own = random.split();
            var prefix = name + "/" + t;
            threads.add(Thread.ofVirtual().start(() -> sendUntilDark(pipeline, told, own, prefix)));
        }
        for (var thread : threads) {
            thread.join();
        }
        try {
            pipeline.close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("power");
        }
    }

    /** The process is gone in the middle of a transaction. */
    private static final class PowerOff extends Error {
        PowerOff(IOException e) {
            super(e);
        }
    }

    private void sendUntilDark(Pipeline pipeline, Told told, SplittableRandom random, String name) {
        var kinds = List.of("ok", "ok", "ok", "bad", "login", "dead", "break");
        for (int i = 0; i < 1000; i++) {
            var sender = random.nextInt(4) == 0 ? new Sender(Pipeline.B, "b") : new Sender(Pipeline.A, "test");
            var texts = new String[1 + random.nextInt(5)];
            for (int k = 0; k < texts.length; k++) {
                texts[k] = kinds.get(random.nextInt(kinds.size())) + " user" + random.nextInt(20) + " " + name + "/" + i
                        + "/" + k;
            }
            boolean again = random.nextInt(3) == 0;
            try {
                var key = again ? name + "/" + i : null;
                var ids = pipeline.send(sender, key, texts);
                for (int k = 0; k < texts.length; k++) {
                    told.acknowledged.put(ids.get(k), texts[k]);
                }
                if (again) {
                    pipeline.send(sender, key, texts);
                }
            } catch (IOException | LogFullException e) {
                return;
            }
        }
    }

    private void verify(Pipeline pipeline, Told told) {
        var stored = pipeline.store.all();
        var ids = new HashSet<EventId>();
        stored.forEach(
                kept -> assertThat(ids.add(kept.id())).as("once: %s", kept).isTrue());
        var dead = new HashMap<EventId, String>();
        long counted = 0;
        long countedStored = 0;
        for (var tenant : List.of(Pipeline.A, Pipeline.B)) {
            DeadLetter.Position after = null;
            var page = pipeline.deadLetters.list(tenant, 500, after);
            while (!page.isEmpty()) {
                page.forEach(d -> assertThat(dead.put(d.id(), d.sample())).isNull());
                after = page.getLast().position();
                page = pipeline.deadLetters.list(tenant, 500, after);
            }
            var balance = pipeline.ledger.balance(tenant);
            counted += balance.received();
            countedStored += balance.stored();
            assertThat(balance.pending()).isZero();
        }
        told.acknowledged.forEach((id, text) -> {
            boolean dies = text.startsWith("dead") || text.startsWith("break");
            assertThat(dies ? dead.containsKey(id) : ids.contains(id)).as(text).isTrue();
        });
        assertThat(counted).isEqualTo(pipeline.log.endOffset(0));
        assertThat(countedStored).isEqualTo(stored.size());
        var raised = Pipeline.raised(db);
        assertThat(raised.values()).as("raised once each").containsOnly(1);
        assertThat(raised.keySet()).containsExactlyInAnyOrderElementsOf(Pipeline.expected(stored));
    }
}
