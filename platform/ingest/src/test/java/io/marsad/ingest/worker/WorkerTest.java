package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.Balance;
import io.marsad.ingest.ledger.DeadLetter;
import io.marsad.ingest.ledger.SourceStatus;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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

    @Test
    void recordsBecomeEventsDeadLettersOrAreRecognised() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            pipeline.send(SENDER, null, "ok ann 1", "dead 2", "break 3", "bad ann 4");
            pipeline.send(SENDER, "k", "ok ann 5");
            pipeline.send(SENDER, "k", "ok ann 5");
            pipeline.send(new Sender(Pipeline.B, "other"), "k", "ok bob 6");
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
            pipeline.send(SENDER, null, "ok ann 1", "bad ann 2");
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (pipeline.workers.status().getFirst().trouble() == null) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(pipeline.workers.status().getFirst().trouble()).contains("room");
            disk.fullAfter(0);
            assertThatThrownBy(() -> pipeline.send(SENDER, null, "ok ann 3")).isInstanceOf(LogFullException.class);
            disk.fullAfter(Long.MAX_VALUE);
            pipeline.send(SENDER, null, "ok ann 4");

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
    void aTenantIsForgottenInMemoryAndInWhatIsKept() throws Exception {
        var disk = new FaultyDisk();
        var others = new Sender(Pipeline.B, "other");
        try (var pipeline = open(disk)) {
            pipeline.send(SENDER, null, "login kanarie 1", "login kanarie 2");
            pipeline.send(others, null, "login stays 1", "login stays 2");
            pipeline.awaitProcessed();
            assertThat(pipeline.workers.forget(new TenantId("somebody"), PATIENCE))
                    .isTrue();
            assertThat(kept("kanarie")).as("a checkpoint has it").isTrue();

            assertThat(pipeline.workers.forget(Pipeline.A, PATIENCE)).isTrue();
            assertThat(kept("kanarie")).isFalse();
            assertThat(kept("stays")).isTrue();
            pipeline.send(SENDER, null, "login kanarie 3");
            pipeline.send(others, null, "login stays 3");
            pipeline.awaitProcessed();
            assertThat(Pipeline.raised(db).keySet()).singleElement().asString().startsWith(Pipeline.B + " ");
            assertThat(pipeline.workers.forget(Pipeline.A, PATIENCE)).isTrue();
        }
        try (var pipeline = open(disk)) {
            pipeline.awaitProcessed();
            assertThat(kept("kanarie")).as("after a restart").isFalse();
            assertThat(Pipeline.raised(db)).hasSize(1);
        }
    }

    /** Whether any state of a worker that is kept has the text in it. */
    private boolean kept(String text) {
        return db.database().inInstallation(connection -> {
            try (var query = connection.prepareStatement(
                    "SELECT count(*) FROM worker_snapshots WHERE position(convert_to(?, 'UTF8') IN state) > 0")) {
                query.setString(1, text);
                try (var rows = query.executeQuery()) {
                    rows.next();
                    return rows.getInt(1) > 0;
                }
            }
        });
    }

    @Test
    void aKeyIsForgottenAfterItsWindow() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            var first = pipeline.send(SENDER, "k", "ok ann 1");
            clock.advance(Duration.ofMinutes(59));
            assertThat(pipeline.send(SENDER, "k", "ok ann 1")).isEqualTo(first);
            clock.advance(Duration.ofMinutes(2));
            pipeline.send(SENDER, "k", "ok ann 1");
            pipeline.awaitProcessed();
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(2, 1, 0, 0));
        }
    }

    @Test
    void aDeadLetterIsSentAgainAndMayDieAgain() throws Exception {
        try (var pipeline = open(new FaultyDisk())) {
            var id = pipeline.send(SENDER, null, "dead 1").getFirst();
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
            pipeline.send(SENDER, null, "bad ann 1", "bad poison 2", "bad ann 3");
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
            pipeline.send(SENDER, null, "bad ann 1", "bad ann 2");
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
                pipeline.send(new Sender(Pipeline.A, "source-" + i), null, "ok ann " + i);
            }
            pipeline.send(new Sender(Pipeline.A, "source-0"), null, "ok ann again");
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
            pipeline.send(SENDER, null, "dead old");
            clock.advance(Duration.ofDays(2));
            for (int i = 0; i < 10; i++) {
                pipeline.send(SENDER, null, "dead 10 " + i);
                clock.advance(Duration.ofMillis(1));
            }
            pipeline.send(new Sender(Pipeline.B, "test"), null, "dead of b");
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
            pipeline.send(SENDER, "k", "login ann 1");
            pipeline.send(SENDER, null, "login ann 2");
            pipeline.awaitProcessed();
        }
        try (var pipeline = open(disk)) {
            pipeline.send(SENDER, "k", "login ann 1");
            pipeline.send(SENDER, null, "login ann 3");
            pipeline.awaitProcessed();
            assertThat(Pipeline.raised(db)).hasSize(1);
            assertThat(pipeline.ledger.balance(Pipeline.A)).isEqualTo(new Balance(3, 1, 0, 0));
        }
    }
}
