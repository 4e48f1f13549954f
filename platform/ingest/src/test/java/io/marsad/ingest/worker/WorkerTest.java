package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.Balance;
import io.marsad.ingest.ledger.DeadLetter;
import io.marsad.ingest.ledger.SourceStatus;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkerTest {
    private static final Sender SENDER = new Sender(Pipeline.A, "test");

    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private TestDatabase db;
    private long opened;

    @BeforeAll
    void start() throws Exception {
        db = new TestDatabase();
    }

    @AfterAll
    void stop() throws IOException {
        db.close();
    }

    @BeforeEach
    void empty() throws Exception {
        db.empty();
    }

    private Pipeline open(FaultyDisk disk) throws IOException {
        return new Pipeline(db, disk, clock, new SplittableRandom(++opened), Pipeline::raise);
    }

    private static List<EventId> send(Pipeline pipeline, Sender sender, @Nullable String key, String... texts)
            throws IOException, LogFullException {
        var batch = pipeline.intake.begin(sender, "syslog", key, false);
        for (var text : texts) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.add(bytes, 0, bytes.length);
        }
        return batch.commit().ids();
    }

    @Test
    void recordsBecomeEventsDeadLettersOrAreRecognised() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            send(pipeline, SENDER, null, "ok ann 1", "dead 2", "break 3", "bad ann 4");
            send(pipeline, SENDER, "k", "ok ann 5");
            send(pipeline, SENDER, "k", "ok ann 5");
            send(pipeline, new Sender(Pipeline.B, "other"), "k", "ok bob 6");
            pipeline.awaitProcessed();

            assertThat(pipeline.store.all())
                    .extracting(KeptEvents.Kept::text)
                    .containsExactlyInAnyOrder("ok ann 1", "bad ann 4", "ok ann 5", "ok bob 6");
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(3, 1, 2, 0));
            assertThat(pipeline.ledger.balance(Pipeline.B)).isEqualTo(new Balance(1, 0, 0, 0));
            var source = pipeline.ledger.sources(Pipeline.A).getFirst();
            assertThat(source.origin()).isEqualTo("test");
            assertThat(source.logSources()).containsExactly("test");
            assertThat(source.state()).isEqualTo(SourceStatus.State.FAILING);
            assertThat(source.lastError()).contains("breaks the mapping");
            assertThat(source.lastReceivedAt()).isEqualTo(clock.instant());
            assertThat(pipeline.deadLetters.list(Pipeline.A, 10, null))
                    .extracting(d -> d.sample() + ": " + d.reason())
                    .containsExactlyInAnyOrder(
                            "dead 2: it is dead",
                            "break 3: the mapping failed: java.lang.IllegalStateException: it breaks the mapping");
            assertThat(pipeline.deadLetters.list(Pipeline.B, 10, null)).isEmpty();
            assertThat(Pipeline.raised(db)).hasSize(1);
        }
    }

    @Test
    void aFullDiskIsWaitedOutAndCostsNothing() throws Exception {
        var disk = new FaultyDisk();
        try (var pipeline = open(disk)) {
            pipeline.store.full = true;
            send(pipeline, SENDER, null, "ok ann 1", "bad ann 2");
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (pipeline.workers.status().getFirst().trouble() == null) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(pipeline.workers.status().getFirst().trouble()).contains("room");
            disk.fullAfter(0);
            assertThatThrownBy(() -> send(pipeline, SENDER, null, "ok ann 3")).isInstanceOf(LogFullException.class);
            disk.fullAfter(Long.MAX_VALUE);
            send(pipeline, SENDER, null, "ok ann 4");

            pipeline.store.full = false;
            pipeline.awaitProcessed();
            assertThat(pipeline.workers.status().getFirst().trouble()).isNull();
            assertThat(pipeline.store.all())
                    .extracting(KeptEvents.Kept::text)
                    .containsExactly("ok ann 1", "bad ann 2", "ok ann 4");
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(3, 0, 0, 0));
            assertThat(Pipeline.raised(db)).hasSize(1);
        }
    }

    @Test
    void aKeyIsForgottenAfterItsWindow() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            var first = send(pipeline, SENDER, "k", "ok ann 1");
            clock.advance(Duration.ofMinutes(59));
            assertThat(send(pipeline, SENDER, "k", "ok ann 1")).isEqualTo(first);
            clock.advance(Duration.ofMinutes(2));
            send(pipeline, SENDER, "k", "ok ann 1");
            pipeline.awaitProcessed();
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(2, 1, 0, 0));
        }
    }

    @Test
    void aDeadLetterIsSentAgainAndMayDieAgain() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            var id = send(pipeline, SENDER, null, "dead 1").getFirst();
            pipeline.awaitProcessed();
            assertThat(pipeline.deadLetters.replay(Pipeline.A, id)).isEqualTo(id);
            pipeline.awaitProcessed();
            var letter = pipeline.deadLetters.list(Pipeline.A, 10, null).getFirst();
            assertThat(letter.id()).isEqualTo(id);
            assertThat(letter.replayed()).as("it died again").isFalse();
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(0, 0, 2, 0));
            assertThatThrownBy(() -> pipeline.deadLetters.replay(Pipeline.B, id))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("not-found");
            db.database()
                    .inTenant(
                            Pipeline.A,
                            connection -> { // as if the mapping was mended
                                try (var update =
                                        connection.prepareStatement("UPDATE dead_letters SET record = 'ok ann 2'")) {
                                    return update.executeUpdate();
                                }
                            });
            pipeline.deadLetters.replay(Pipeline.A, id);
            pipeline.awaitProcessed();
            assertThat(pipeline.store.all())
                    .extracting(KeptEvents.Kept::id, KeptEvents.Kept::text)
                    .containsExactly(tuple(id, "ok ann 2"));
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(1, 0, 2, 0));
            assertThatThrownBy(() -> pipeline.deadLetters.replay(Pipeline.A, id))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("already-replayed");
        }
    }

    @Test
    void aFindingThatCannotBeRaisedDoesNotStopTheOthers() throws Exception {
        var disk = new FaultyDisk();
        FindingSink sink = (connection, tenant, findings) -> {
            for (var finding : findings) {
                if (finding instanceof Finding.OnEvent one
                        && new String(one.events().raw(one.row()), StandardCharsets.UTF_8).contains("poison")) {
                    connection.createStatement().execute("SELECT 1/0");
                }
            }
            Pipeline.raise(connection, tenant, findings);
        };
        try (var pipeline = new Pipeline(db, disk, clock, new SplittableRandom(5), sink)) {
            send(pipeline, SENDER, null, "bad ann 1", "bad poison 2", "bad ann 3");
            pipeline.awaitProcessed();
            assertThat(Pipeline.raised(db)).hasSize(2);
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(3, 0, 0, 0));
            assertThat(pipeline.workers.status().getFirst().ruleFaults()).isEqualTo(1);
        }
    }

    @Test
    void aFindingIsRaisedLaterWhenTheDatabaseHadNoRoomForIt() throws Exception {
        var refusals = new AtomicInteger(5);
        FindingSink sink = (connection, tenant, findings) -> {
            if (refusals.getAndDecrement() > 0) {
                throw new SQLException("could not extend file: No space left on device", "53100");
            }
            Pipeline.raise(connection, tenant, findings);
        };
        try (var pipeline = new Pipeline(db, new FaultyDisk(), clock, new SplittableRandom(6), sink)) {
            send(pipeline, SENDER, null, "bad ann 1", "bad ann 2");
            pipeline.awaitProcessed();
            assertThat(Pipeline.raised(db)).hasSize(2);
            assertThat(pipeline.workers.status().getFirst().ruleFaults()).isZero();
        }
    }

    @Test
    void sourcesThatSendersNameAreBounded() throws Exception {
        int more = 20;
        try (var pipeline = open(new FaultyDisk())) {
            for (int i = 0; i < WorkerJournal.MOST_SOURCES + more; i++) {
                send(pipeline, new Sender(Pipeline.A, "source-" + i), null, "ok ann " + i);
            }
            send(pipeline, new Sender(Pipeline.A, "source-0"), null, "ok ann again");
            pipeline.awaitProcessed();
            var sources = pipeline.ledger.sources(Pipeline.A);
            assertThat(sources).hasSize(WorkerJournal.MOST_SOURCES + 1);
            assertThat(sources)
                    .filteredOn(source -> source.origin().equals(WorkerJournal.OTHER_SOURCES))
                    .singleElement()
                    .satisfies(source -> assertThat(source.balance().stored()).isEqualTo(more));
            assertThat(pipeline.ledger.balance(Pipeline.A))
                    .isEqualTo(new Balance(WorkerJournal.MOST_SOURCES + more + 1, 0, 0, 0));
        }
    }

    @Test
    void deadLettersAreKeptForSoLongAndSoMany() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            send(pipeline, SENDER, null, "dead old");
            clock.advance(Duration.ofDays(2));
            for (int i = 0; i < 10; i++) {
                send(pipeline, SENDER, null, "dead 10 " + i);
                clock.advance(Duration.ofMillis(1));
            }
            send(pipeline, new Sender(Pipeline.B, "test"), null, "dead of b");
            pipeline.awaitProcessed();
            var letters = pipeline.deadLetters;
            var dayAgo = clock.instant().minus(Duration.ofDays(1));

            assertThat(letters.prune(Pipeline.A, dayAgo, 1000, 1_000_000)).isEqualTo(1);
            assertThat(letters.prune(Pipeline.A, dayAgo, 7, 1_000_000)).isEqualTo(3);
            assertThat(letters.prune(Pipeline.A, dayAgo, 1000, 50))
                    .as("9 bytes each")
                    .isEqualTo(2);
            assertThat(letters.list(Pipeline.A, 100, null))
                    .extracting(DeadLetter::sample)
                    .containsExactly("dead 10 9", "dead 10 8", "dead 10 7", "dead 10 6", "dead 10 5");
            assertThat(letters.list(Pipeline.B, 100, null)).hasSize(1);
        }
    }

    @Test
    void stateOutlivesACleanRestart() throws Exception {
        var disk = new FaultyDisk();
        try (var pipeline = open(disk)) {
            send(pipeline, SENDER, "k", "login ann 1");
            send(pipeline, SENDER, null, "login ann 2");
            pipeline.awaitProcessed();
        }
        try (var pipeline = open(disk)) {
            send(pipeline, SENDER, "k", "login ann 1");
            send(pipeline, SENDER, null, "login ann 3");
            pipeline.awaitProcessed();
            assertThat(Pipeline.raised(db)).hasSize(1);
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(3, 1, 0, 0));
        }
    }

    /** What was acknowledged. */
    private record Told(Map<EventId, String> acknowledged) {}

    @Test
    void everyRecordIsThereOnceAndRaisesOnceWhereverThePowerGoes() throws Exception {
        var random = Seed.of("WorkerTest").random();
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
            try (var pipeline = open(disk)) {
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
            var sender = random.nextInt(4) == 0 ? new Sender(Pipeline.B, "b") : SENDER;
            var texts = new String[1 + random.nextInt(5)];
            for (int k = 0; k < texts.length; k++) {
                texts[k] = kinds.get(random.nextInt(kinds.size())) + " user" + random.nextInt(20) + " " + name + "/" + i
                        + "/" + k;
            }
            boolean again = random.nextInt(3) == 0;
            try {
                var key = again ? name + "/" + i : null;
                var ids = send(pipeline, sender, key, texts);
                for (int k = 0; k < texts.length; k++) {
                    told.acknowledged.put(ids.get(k), texts[k]);
                }
                if (again) {
                    send(pipeline, sender, key, texts);
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
            io.marsad.ingest.ledger.DeadLetter.Position after = null;
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
