package io.marsad.ingest.worker;

import io.marsad.db.DatabaseException;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one log partition. Each step: take batches of a tenant, make events, detect; then, by a second thread while
 * the first is at the next step, append to the store and commit once. After a crash the log is read again from what the store has for good; records before the committed
 * position then only fill the store and the detector's state.
 */
final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** A record is in the log at most so long after the time that it carries. */
    private static final long DOOR_MILLIS = 5_000;

    private static final long ADVANCE_EVERY_MILLIS = 1_000;
    /** One is filled while the others wait to be written or are. */
    private static final int PASSES = 5;

    private static final long MOST_UNDER_WAY = 16L << 20;
    /** A checkpoint writes the whole state: there are at least so many times its bytes of records before the next. */
    private static final long RECORDS_TO_STATE = 16;

    private static final TenantId NOBODY = new TenantId("nobody");

    private final int partition;
    private final WorkerPorts ports;
    private final WorkerJournal journal;
    private final FindingSink sink;
    private final WorkerConfig config;
    private final Detector detector;
    private final DedupeWindow seen;
    private final Pass[] passes = new Pass[PASSES];

    private final SecondHand writer;
    private final Mender mender;
    private final Forgetting forgetting = new Forgetting();
    private final ObjLongConsumer<TenantId> processed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Patience patience;
    private final Thread thread;

    private final Map<TenantId, Long> decided = new HashMap<>();

    /** For others to see: everything before it was processed. */
    private volatile long done;

    private volatile long ruleFaults;
    private int turn;
    /** Everything before it was looked at; what follows from that may be on its way. */
    private long position;

    private long newFrom;
    /** Everything before it is in the store for good, with the state that follows from it. */
    private volatile long checkpointed;

    private long checkpointedAt = System.nanoTime();
    private long bytesSince;
    /** Of the state at the last checkpoint. */
    private long stateBytes;
    /** Records that were received before were read, but for what is still at the door. */
    private long read;

    /** While records before it are read again, what they made known is not raised again, nor what time makes known. */
    private long decidedAll;

    private long advanced;

    /** @param processed told how many records of a tenant were processed that came in after the start */
    Worker(
            int partition,
            WorkerPorts ports,
            Workers.Parts parts,
            FindingSink sink,
            WorkerConfig config,
            ObjLongConsumer<TenantId> processed) {
        this.partition = partition;
        this.ports = ports;
        this.journal = new WorkerJournal(ports.database(), ports.clock());
        this.sink = sink;
        this.config = config;
        this.detector = parts.detector();
        this.seen = new DedupeWindow(config.dedupeFor().toMillis(), config.dedupeMost());
        for (int i = 0; i < PASSES; i++) {
            passes[i] = new Pass(parts, seen, NOBODY);
        }
        this.writer = new SecondHand("writer-" + partition, PASSES - 1, MOST_UNDER_WAY);
        this.mender = new Mender(partition, ports, parts.normalizer());
        this.processed = processed;
        this.patience = new Patience(partition, stop);
        this.thread = Thread.ofPlatform().name("worker-" + partition).unstarted(this::run);
    }

    /** Takes up what the last run left, then starts the thread. */
    void start() throws IOException {
        long durable = ports.store().durableOffset(partition);
        decided.putAll(journal.positions(partition));
        long committed = journal.position(partition);
        decidedAll = committed;
        newFrom = ports.log().endOffset(partition);
        if (Math.max(durable, committed) > newFrom) {
            throw new IOException("log partition " + partition + " ends at " + newFrom
                    + ", but records up to " + Math.max(durable, committed)
                    + " were processed: the log was put back to an older state");
        }
        var snapshot = journal.load(partition, durable);
        if (snapshot != null) {
            WorkerState.read(snapshot.state(), detector, seen);
            stateBytes = snapshot.state().length;
            position = snapshot.offset();
        } else {
            position = durable;
            if (durable > 0) {
                LOG.warn("worker {}: no state was kept for offset {}; it starts without memory", partition, durable);
            }
        }
        if (position < ports.log().firstOffset(partition) && position < durable) {
            position = durable; // older records are gone, and everything before this is stored
        }
        long oldest = ports.log().firstOffset(partition);
        if (position < oldest) {
            LOG.error("worker {}: records {} to {} are missing in the log", partition, position, oldest);
        }
        checkpointed = position;
        done = position;
        thread.start();
    }

    private void run() {
        try (writer;
                var reader = ports.log().read(partition, position)) {
            work(reader);
            checkpoint();
            writer.await();
        } catch (InterruptedException e) {
            patience.gaveUp("interrupted");
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            patience.gaveUp(e.toString());
            LOG.error("worker {}: stopped at offset {}", partition, position, e);
        }
    }

    private void work(EventLog.Reader reader) throws IOException, InterruptedException {
        var groups = new LinkedHashMap<TenantId, List<RecordBatch>>();
        while (stop.getCount() > 0) {
            var first = reader.poll(POLL);
            if (first != null) {
                gather(reader, first, groups);
                position = reader.position();
                int left = groups.size();
                for (var group : groups.entrySet()) {
                    left--;
                    process(group.getKey(), group.getValue(), left == 0 ? position : -1);
                }
                groups.clear();
            } else {
                read = Math.max(read, ports.clock().millis());
                writer.await(); // one thread at a time appends
                mender.mendWhenDue();
            }
            letTimePass();
            if (checkpointDue()) {
                checkpoint();
            }
            forget();
        }
    }

    /** What is wished to be forgotten is neither in memory nor in a kept state then. */
    private void forget() throws IOException, InterruptedException {
        var due = forgetting.due(position);
        if (due.isEmpty()) {
            return;
        }
        writer.await();
        for (var wish : due) {
            detector.forget(wish.tenant());
            journal.forget(wish.tenant());
            for (var pass : passes) {
                pass.forget(wish.tenant(), NOBODY);
            }
        }
        if (makeDurable(snapshot())) {
            forgetting.fulfilled(due);
        } else if (stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("worker {}: stopped before it could forget {} tenants", partition, due.size());
        }
    }

    /** Takes what is there, up to a good size, by tenant: each then has one transaction, however their records mix. */
    private void gather(EventLog.Reader reader, RecordBatch first, Map<TenantId, List<RecordBatch>> groups)
            throws IOException, InterruptedException {
        long rows = 0;
        long bytes = 0;
        long expected = position;
        for (var batch = first; batch != null; batch = reader.poll(Duration.ZERO)) {
            if (batch.baseOffset() > expected) {
                LOG.error(
                        "worker {}: records {} to {} are missing in the log", partition, expected, batch.baseOffset());
            }
            expected = batch.baseOffset() + batch.size();
            read = Math.max(read, batch.received());
            groups.computeIfAbsent(batch.tenant(), t -> new ArrayList<>()).add(batch);
            rows += batch.size();
            bytes += batch.byteCount();
            if (rows >= config.groupRows() || bytes >= config.groupBytes()) {
                return;
            }
        }
    }

    /** @param all everything before it is done with this group; -1 when it is not */
    private void process(TenantId tenant, List<RecordBatch> group, long all) throws IOException, InterruptedException {
        long from = decided.getOrDefault(tenant, 0L);
        var pass = passes[turn];
        turn = (turn + 1) % PASSES;
        pass.begin(tenant, from);
        long to = from;
        long fresh = 0;
        for (var batch : group) {
            pass.add(batch);
            pass.detect(); // while the events are in the processor's cache
            long end = batch.baseOffset() + batch.size();
            to = Math.max(to, end);
            fresh += Math.clamp(end - newFrom, 0, batch.size());
        }
        decided.put(tenant, to);
        bytesSince += pass.bytes();
        var step = new Step(pass, tenant, from, to, fresh, all);
        writer.handOver(() -> write(step), pass.events().bytes());
    }

    /** What is written of a pass: the tenant's position moves from one offset to the other. */
    private record Step(Pass pass, TenantId tenant, long from, long to, long fresh, long all) {}

    /** By the second thread. */
    private void write(Step step) throws IOException, InterruptedException {
        var pass = step.pass();
        if (pass.events().rows() > 0) {
            patience.whenThereIsRoom(() -> ports.store().append(partition, pass.events()));
        }
        if (step.to() > step.from()) {
            CallerScope.callAs(Caller.system(step.tenant(), "worker"), () -> {
                addFaults(patience.commit(
                        step.to(),
                        eachAlone -> journal.commit(partition, step.from(), step.to(), pass, sink, eachAlone)));
                return true;
            });
        }
        addFaults(pass.ruleFaults());
        if (step.fresh() > 0) {
            processed.accept(step.tenant(), step.fresh());
        }
        if (step.all() >= 0) {
            done = step.all();
        }
        pass.end();
    }

    private void addFaults(long more) {
        if (more > 0) {
            ruleFaults = ruleFaults + more; // by one thread at a time
        }
    }

    /** Once in a while: windows that wait for no further event are judged, for all tenants. */
    private void letTimePass() throws IOException, InterruptedException {
        long to = read - DOOR_MILLIS;
        if (position < decidedAll || to < advanced + ADVANCE_EVERY_MILLIS) {
            return;
        }
        advanced = to;
        var findings = new HashMap<TenantId, List<Finding>>();
        detector.advance(to, findings);
        if (!findings.isEmpty()) {
            writer.await(); // what is made known names events that are in the store
        }
        for (var found : findings.entrySet()) {
            CallerScope.callAs(Caller.system(found.getKey(), "worker"), () -> {
                addFaults(patience.commit(
                        position, eachAlone -> journal.raise(found.getKey(), found.getValue(), sink, eachAlone)));
                return true;
            });
        }
    }

    private boolean checkpointDue() {
        return bytesSince >= Math.max(config.checkpointBytes(), RECORDS_TO_STATE * stateBytes)
                || position > checkpointed
                        && System.nanoTime() - checkpointedAt
                                >= config.checkpointEvery().toNanos();
    }

    /** Takes the state as it is here; it is saved, and the store made durable, once what is under way is written. */
    private void checkpoint() throws IOException, InterruptedException {
        if (position == checkpointed) {
            return;
        }
        var now = snapshot();
        writer.handOver(() -> makeDurable(now), now.state().length);
    }

    private WorkerJournal.Snapshot snapshot() {
        var now = new WorkerJournal.Snapshot(position, WorkerState.write(detector, seen));
        checkpointedAt = System.nanoTime();
        bytesSince = 0;
        stateBytes = now.state().length;
        LOG.debug("worker {}: checkpoint at {}, {} bytes of state", partition, position, stateBytes);
        return now;
    }

    /**
     * By the second thread, or while that has nothing to do. First the state, then the store, so that the store's durable
     * offset always has a state that fits. False when the database was away: an older state is kept.
     */
    private boolean makeDurable(WorkerJournal.Snapshot snapshot) throws IOException, InterruptedException {
        try {
            journal.save(partition, snapshot);
        } catch (DatabaseException e) {
            LOG.warn("worker {}: no checkpoint now: {}", partition, e.getMessage());
            return false;
        }
        patience.whenThereIsRoom(() -> ports.store().checkpoint(partition, snapshot.offset()));
        long durable = ports.store().durableOffset(partition);
        checkpointed = snapshot.offset();
        ports.log().release(partition, durable);
        try {
            journal.dropBefore(partition, durable);
        } catch (DatabaseException e) {
            LOG.debug("worker {}: old snapshots stay for now: {}", partition, e.getMessage());
            return false;
        }
        return true;
    }

    /** Waits until nothing of the tenant is remembered any more; false when it took longer. */
    boolean forget(TenantId tenant, Duration longest) throws InterruptedException {
        return thread.isAlive() && forgetting.ask(tenant, ports.log().endOffset(partition), longest);
    }

    WorkerStatus status() {
        return new WorkerStatus(
                partition,
                done,
                ports.log().endOffset(partition) - done,
                ruleFaults,
                patience.trouble(),
                thread.isAlive());
    }

    void stop() {
        stop.countDown();
    }

    void join() throws InterruptedException {
        thread.join();
    }
}
