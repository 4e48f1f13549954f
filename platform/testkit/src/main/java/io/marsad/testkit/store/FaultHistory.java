package io.marsad.testkit.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.StoreFullException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.store.segment.SegmentStore;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The life of an event log and an event store on a disk that fails, from a seed: records are sent, what was acknowledged
 * is remembered, a worker's loop brings them from the log to the store, and again and again the power goes off, the disk
 * is full, a bit turns over, a sector cannot be read. After each, everything acknowledged has to be there once, or damage
 * has to be told. One thread.
 */
public final class FaultHistory {
    private static final Path LOG = Path.of("/data/log");
    private static final Path STORE = Path.of("/data/store");
    private static final List<TenantId> TENANTS =
            List.of(new TenantId("alpha"), new TenantId("beta"), new TenantId("gamma"));

    private final SplittableRandom random;
    private final Ledger ledger = new Ledger(TENANTS);
    private final TestClock clock = new TestClock("2026-01-01T20:00:00Z");
    private final LogConfig logConfig;
    private final boolean keepsLog;
    private final SegmentStore.Options options;

    private FaultyDisk disk = new FaultyDisk();
    private boolean damaged;
    private boolean told;
    private boolean inLog;
    private boolean syncsFail;
    private String where = "nothing";
    private int sent;
    private int powerLost;
    private int killed;
    private int full;
    private int flipped;
    private int unreadable;
    private long expired;
    private int mended;

    // of a life
    private @Nullable SegmentLog log;
    private @Nullable SegmentStore store;
    private EventLog.@Nullable Reader reader;
    private final Deque<EventBatch> waiting = new ArrayDeque<>();
    private long processed;
    private long expected;

    private FaultHistory(long seed) {
        random = new SplittableRandom(seed);
        keepsLog = random.nextBoolean();
        logConfig = new LogConfig(
                LOG, 1, 4 << 20, 8 << 10, keepsLog ? 4 << 20 : 0, Duration.ofDays(keepsLog ? 100_000 : 0), 0);
        options = new SegmentStore.Options(1 + random.nextInt(40_000), 10_000 + random.nextInt(60_000), 100_000, 1);
    }

    /**
     * Runs one history.
     *
     * @throws AssertionError when an acknowledged event is gone without a word, there twice, or not as it was sent
     */
    public static FaultOutcome run(long seed) throws Exception {
        var history = new FaultHistory(seed);
        int lives = 1 + history.random.nextInt(3);
        for (int life = 0; life < lives; life++) {
            history.live("life " + life);
        }
        return new FaultOutcome(
                lives,
                history.powerLost,
                history.killed,
                history.full,
                history.flipped,
                history.unreadable,
                history.expired,
                history.mended,
                history.ledger.acknowledged(),
                history.ledger.lost());
    }

    private void live(String name) throws Exception {
        if (random.nextInt(5) > 0) {
            disk.powerOffAfter(random.nextInt(random.nextBoolean() ? 400 : 60));
        }
        try {
            open();
            int steps = 5 + random.nextInt(25);
            for (int i = 0; i < steps; i++) {
                step();
            }
        } catch (IOException e) {
            if (!disk.isOff() && !syncsFail) {
                throw new AssertionError(name + ": failed with the power on", e);
            }
        }
        end();
        verify(name);
    }

    private void open() throws IOException {
        waiting.clear();
        var opened = SegmentStore.open(STORE, options, disk);
        store = opened;
        log = SegmentLog.open(logConfig, disk, clock, random.split(), opened::durableOffset);
        processed = opened.durableOffset(0);
        ledger.readsAgainFrom(processed);
        expected = processed;
        told |= log.firstOffset(0) > processed; // the worker says so in its log
        reader = log.read(0, processed);
    }

    private void step() throws IOException, InterruptedException {
        if (random.nextInt(150) == 0) {
            disk.failSyncs();
            syncsFail = true;
        }
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> send();
            case 4, 5, 6 -> work(1 + random.nextInt(6));
            case 7 -> checkpoint();
            case 8 -> clock.advance(Duration.ofMinutes(random.nextInt(random.nextInt(5) == 0 ? 3000 : 90)));
            case 9 -> maintain();
            case 10 -> delete();
            default -> fillAndFreeDisk();
        }
    }

    private void maintain() throws IOException {
        for (var removal : store().maintain(FaultHistory::retention, clock.millis(), () -> true)) {
            expired += removal.events();
        }
    }

    private void delete() throws IOException {
        if (random.nextInt(10) > 0 || !waiting.isEmpty()) {
            return;
        }
        var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        try {
            var gone = store().delete(tenant);
            if (gone.left() > 0) {
                throw new AssertionError("left of a deleted tenant: " + gone);
            }
            ledger.deletes(tenant, true);
        } catch (StoreFullException e) {
            full++;
            ledger.deletes(tenant, false);
        } catch (IOException e) {
            ledger.deletes(tenant, false);
            throw e;
        }
    }

    private static Retention retention(TenantId tenant) {
        return switch (tenant.value()) {
            case "alpha" -> Retention.FOREVER;
            case "beta" -> new Retention(2, Map.of());
            default -> new Retention(3, Map.of(4, 1));
        };
    }

    private long cutoff(Ledger.Sent sent) {
        return Retention.cutoff(retention(sent.tenant()).daysOf(sent.eventClass()), clock.millis());
    }

    private void send() throws IOException {
        var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        var batch = new RecordBatch(tenant, "test", "json", clock.millis(), 256);
        for (int n = 1 + random.nextInt(20); n > 0; n--) {
            int length = random.nextInt(random.nextInt(30) == 0 ? 6000 : 200);
            var text = new StringBuilder("record ").append(sent++).append(' ');
            while (text.length() < length) {
                text.append((char) ('!' + random.nextInt(90)));
            }
            var id = new EventId(clock.millis(), random.nextLong());
            var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            batch.add(id, RecordBatch.SYNTHETIC, bytes, 0, bytes.length);
            ledger.tries(
                    id, new Ledger.Sent(tenant, text.toString(), clock.millis(), random.nextBoolean() ? 1007 : 4001));
        }
        try {
            log().append(batch);
            ledger.acknowledges(batch);
        } catch (LogFullException e) {
            full++; // the sender was told to come again
        }
    }

    /** Takes batches from the log to the store; those that the store has no room for wait. */
    private void work(int batches) throws IOException, InterruptedException {
        for (int i = 0; i < batches; i++) {
            if (waiting.isEmpty()) {
                var batch = reader().poll(Duration.ZERO);
                if (batch == null) {
                    return;
                }
                if (batch.baseOffset() > expected) {
                    told = true; // the worker says so in its log, and goes on
                }
                expected = batch.baseOffset() + batch.size();
                var events = new EventBatch(batch.tenant(), batch.size(), 2 * batch.size(), batch.byteCount());
                for (int r = 0; r < batch.size(); r++) {
                    ledger.normalize(batch, r, events);
                }
                waiting.add(events);
            }
            try {
                store().append(0, waiting.getFirst());
                ledger.stores(waiting.removeFirst());
                processed = reader().position();
            } catch (StoreFullException e) {
                full++;
                return;
            }
        }
    }

    private void checkpoint() throws IOException {
        try {
            log().release(0, store().checkpoint(0, processed));
        } catch (StoreFullException e) {
            full++;
        }
    }

    private void fillAndFreeDisk() throws IOException, InterruptedException {
        disk.fullAfter(random.nextInt(random.nextBoolean() ? 500 : 8000));
        for (int i = random.nextInt(6); i > 0; i--) {
            send();
            work(3);
            checkpoint();
        }
        disk.fullAfter(Long.MAX_VALUE);
    }

    /** The process ends: in good order, killed, or with the power; then, now and then, something at rest goes bad. */
    private void end() throws IOException {
        if (disk.isOff() || syncsFail) {
            powerLost++; // after a failed sync anything may be on the disk
            disk.powerOff();
            syncsFail = false;
            closeAll();
            disk = disk.afterPowerLoss(random);
        } else if (random.nextInt(3) == 0) {
            killed++;
            var left = disk.afterKill();
            closeAll();
            disk = left;
        } else {
            closeAll();
        }
        disk.powerOffAfter(Long.MAX_VALUE);
        if (!damaged && random.nextInt(6) == 0) {
            damage();
        }
    }

    private void closeAll() throws IOException {
        for (var one : new AutoCloseable[] {reader, log, store}) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (IOException e) {
                if (!disk.isOff()) {
                    throw e;
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        reader = null;
        log = null;
        store = null;
    }

    private void damage() throws IOException {
        boolean flip = random.nextBoolean();
        var files = disk.files().stream()
                .filter(file -> !file.endsWith("lock") && (flip || file.startsWith(STORE) && !isManifest(file)))
                .toList();
        if (files.isEmpty()) {
            return;
        }
        var file = files.get(random.nextInt(files.size()));
        long size = disk.size(file);
        if (size == 0) {
            return;
        }
        damaged = true;
        long at = random.nextLong(size);
        inLog = file.startsWith(LOG);
        where = file + " at " + at + " of " + size;
        if (flip) {
            flipped++;
            disk.flip(file, at, random.nextInt(8));
        } else {
            unreadable++;
            disk.unreadable(file, at / 512 * 512, at / 512 * 512 + 512);
        }
    }

    private static boolean isManifest(Path file) {
        return String.valueOf(file.getFileName()).startsWith("manifest");
    }

    /** With good power everything is read to the end: now all has to be there. */
    private void verify(String name) throws Exception {
        open();
        work(Integer.MAX_VALUE);
        maintain();
        ledger.readAll(store()); // what is damaged is known now
        told |= !store().damage().isEmpty() || !log().damage().isEmpty();
        mend();
        ledger.check(store(), damaged, this::cutoff, name);
        told |= !store().damage().isEmpty() || !log().damage().isEmpty();
        if (ledger.lost() > 0 && !told) {
            throw new AssertionError(
                    name + ": " + ledger.lost() + " lost, and no damage was told; damaged was " + where);
        }
        if (ledger.lost() > 0 && keepsLog && !inLog) {
            throw new AssertionError(
                    name + ": " + ledger.lost() + " lost, though the log has all; damaged was " + where);
        }
        checkpoint();
        closeAll();
        if (random.nextInt(4) == 0) {
            open();
            work(Integer.MAX_VALUE);
            ledger.check(store(), damaged, this::cutoff, name + ", opened again");
            closeAll();
        }
    }

    /** Reads again from the log what the store found damaged. */
    private void mend() throws IOException, InterruptedException {
        for (var lost : store().lost(0)) {
            try (var repair = store().repair(lost);
                    var again = log().read(0, lost.fromOffset())) {
                for (var batch = again.poll(Duration.ZERO);
                        batch != null && batch.baseOffset() < lost.toOffset();
                        batch = again.poll(Duration.ZERO)) {
                    if (batch.tenant().equals(lost.tenant())) {
                        var events = new EventBatch(batch.tenant(), batch.size(), 2 * batch.size(), batch.byteCount());
                        for (int r = 0; r < batch.size(); r++) {
                            ledger.normalize(batch, r, events);
                        }
                        repair.offer(events);
                    }
                }
                if (repair.finish() == 0) {
                    mended++;
                }
            }
        }
    }

    private SegmentLog log() {
        return there(log);
    }

    private SegmentStore store() {
        return there(store);
    }

    private EventLog.Reader reader() {
        return there(reader);
    }

    private static <T> T there(@Nullable T one) {
        if (one == null) {
            throw new IllegalStateException("nothing is open");
        }
        return one;
    }
}
