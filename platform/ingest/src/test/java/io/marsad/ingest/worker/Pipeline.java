package io.marsad.ingest.worker;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.ingest.ledger.Ledger;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.FaultyDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Log, store, workers and intake together, over a disk that may fail. Records are texts {@code KIND USER …}: {@code bad}
 * ones fire a rule, three {@code login} of a user fire a correlation, {@code dead} ones are no events, and on
 * {@code break} the mapping breaks.
 */
final class Pipeline implements AutoCloseable {
    static final TenantId A = new TenantId("tenant-a");
    static final TenantId B = new TenantId("tenant-b");
    private static final Field KIND = Field.of("unmapped.kind");
    private static final Field USER = Field.of("unmapped.user");
    private static final String RULES = """
            title: bad
            id: 11111111-1111-4111-8111-111111111111
            status: test
            logsource: {category: test}
            detection: {sel: {kind: bad}, condition: sel}
            level: high
            ---
            title: login
            id: 22222222-2222-4222-8222-222222222222
            name: login
            status: test
            logsource: {category: test}
            detection: {sel: {kind: login}, condition: sel}
            level: low
            ---
            title: three logins
            id: 33333333-3333-4333-8333-333333333333
            status: test
            correlation:
              type: event_count
              rules: [login]
              group-by: [user]
              timespan: 10m
              condition: {gte: 3}
            level: high
            """;

    final SegmentLog log;
    final KeptEvents store;
    final Intake intake;
    final Workers workers;
    final Ledger ledger;
    final DeadLetters deadLetters;

    Pipeline(TestDatabase db, FaultyDisk disk, InstantSource clock, SplittableRandom random, FindingSink sink)
            throws IOException {
        this(db, disk, clock, random, sink, 64 << 20);
    }

    /** @param logBytes beyond which the log takes nothing more */
    Pipeline(
            TestDatabase db,
            FaultyDisk disk,
            InstantSource clock,
            SplittableRandom random,
            FindingSink sink,
            long logBytes)
            throws IOException {
        var journal = new WorkerJournal(db.database(), clock);
        store = new KeptEvents(disk);
        log = SegmentLog.open(
                LogConfig.in(Path.of("/log"))
                        .withSegmentBytes(32 << 10)
                        .withMaxBytes(logBytes)
                        .withReserveBytes(0)
                        .withoutRetention(),
                disk,
                clock,
                random.split(),
                p -> Math.max(store.durableOffset(p), journal.position(p)));
        intake = new Intake(log, clock, random.split());
        @Nullable Workers started = null;
        try {
            started = Workers.start(
                    new WorkerPorts(log, store, db.database(), clock),
                    p -> new Workers.Parts(Pipeline::normalize, detector(), Listing.NONE),
                    sink,
                    new WorkerConfig(50, 10_000, 20_000, Duration.ofMillis(40), Duration.ofHours(1), 100_000));
        } finally {
            if (started == null) {
                log.close();
            }
        }
        workers = started;
        ledger = new Ledger(db.database(), clock, t -> intake.appended(t) - workers.processed(t));
        deadLetters = new DeadLetters(db.database(), log, clock);
    }

    static Detector detector() {
        var rules = RuleSet.of("test.yml", RULES, FieldResolver.UNMAPPED);
        if (!rules.refusals().isEmpty()) {
            throw new IllegalStateException(rules.refusals().toString());
        }
        return new SigmaDetector(rules.compile());
    }

    static @Nullable String normalize(RecordBatch records, int index, EventBatch out) {
        var text = new String(records.bytes(), records.offset(index), records.length(index), StandardCharsets.UTF_8);
        var words = text.split(" ");
        if (words[0].equals("dead")) {
            return "it is dead";
        }
        out.beginRow(records.id(index), records.received(), records.baseOffset() + index, records.origin());
        out.raw(records.bytes(), records.offset(index), records.length(index));
        if (words[0].equals("break")) {
            throw new IllegalStateException("it breaks the mapping");
        }
        out.source(io.marsad.kernel.event.LogSource.of(null, "test", null));
        out.add(KIND, words[0]);
        out.add(USER, words[1]);
        out.endRow();
        return null;
    }

    /** Writes what was found into a table that counts how often; that evidence has changed is told any number of times. */
    static void raise(Connection connection, TenantId tenant, List<Finding> findings) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO raised AS r SELECT ?, unnest(?), 1"
                + " ON CONFLICT (tenant, alert) DO UPDATE SET times = r.times + 1")) {
            insert.setString(1, tenant.value());
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            findings.stream()
                                    .filter(f -> !(f instanceof Finding.OnEvents many
                                            && many.match().revised()))
                                    .map(Pipeline::name)
                                    .toArray()));
            insert.executeUpdate();
        }
    }

    static String name(Finding finding) {
        return switch (finding) {
            case Finding.OnEvent f -> "event " + f.events().id(f.row());
            case Finding.OnListed f -> "listed " + f.event();
            case Finding.OnEvents f -> "events " + f.match().id();
        };
    }

    static Map<String, Integer> raised(TestDatabase db) {
        return db.database().inInstallation(connection -> {
            var raised = new TreeMap<String, Integer>();
            try (var query = connection.createStatement();
                    var rows = query.executeQuery("SELECT tenant, alert, times FROM raised")) {
                while (rows.next()) {
                    raised.put(rows.getString(1) + " " + rows.getString(2), rows.getInt(3));
                }
            }
            return raised;
        });
    }

    /** What the stored events make known when they are looked at in one go, in the order of the log. */
    static Set<String> expected(List<KeptEvents.Kept> events) {
        var detector = detector();
        var names = new TreeSet<String>();
        for (var kept : events) {
            var records = new RecordBatch(kept.tenant(), "test", "syslog", kept.received(), 16);
            var bytes = kept.text().getBytes(StandardCharsets.UTF_8);
            records.add(kept.id(), (byte) 0, bytes, 0, bytes.length);
            records.appendedAt(0);
            var batch = new EventBatch(kept.tenant());
            normalize(records, 0, batch);
            var found = new ArrayList<Finding>();
            detector.detect(batch, 0, found);
            found.forEach(f -> names.add(kept.tenant() + " " + name(f)));
        }
        return names;
    }

    /** The ids that the records got. */
    List<EventId> send(Sender sender, @Nullable String key, String... texts) throws IOException, LogFullException {
        var batch = intake.begin(sender, "syslog", key, false);
        for (var text : texts) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.add(bytes, 0, bytes.length);
        }
        return batch.commit().ids();
    }

    void awaitProcessed() {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (workers.status().getFirst().pending() > 0) {
            if (System.nanoTime() > deadline || !workers.status().getFirst().running()) {
                throw new IllegalStateException("not processed: " + workers.status());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        workers.close();
        log.close();
    }
}
