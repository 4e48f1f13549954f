package io.marsad.ingest.worker;

import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * The workers of all partitions of a log: each record becomes an event in the store, a dead letter, or is recognised as
 * sent before; each exactly once, whatever crashes. While the database is away they wait.
 *
 * <p>Open the log so that it goes on at the later of the store's durable offset and {@link WorkerJournal#position}.
 *
 * <p>Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private final List<Worker> workers = new ArrayList<>();
    private final ConcurrentMap<TenantId, LongAdder> processed = new ConcurrentHashMap<>();

    /** What a partition's thread has for itself. */
    public record Parts(RecordNormalizer normalizer, Detector detector, Listing listing) {}

    private Workers() {}

    /**
     * Starts a thread for each partition.
     *
     * @param parts makes a partition's own
     * @throws IOException when the log ends before what was processed, or a state that was kept cannot be read
     */
    public static Workers start(WorkerPorts ports, IntFunction<Parts> parts, FindingSink sink, WorkerConfig config)
            throws IOException {
        var all = new Workers();
        boolean started = false;
        try {
            for (int p = 0; p < ports.log().partitions(); p++) {
                var worker = new Worker(p, ports, parts.apply(p), sink, config, all::count);
                worker.start();
                all.workers.add(worker);
            }
            started = true;
            return all;
        } finally {
            if (!started) {
                all.close();
            }
        }
    }

    private void count(TenantId tenant, long records) {
        processed.computeIfAbsent(tenant, t -> new LongAdder()).add(records);
    }

    /** Records of the tenant that were processed, of those that came in after the start. */
    public long processed(TenantId tenant) {
        var count = processed.get(tenant);
        return count == null ? 0 : count.sum();
    }

    /**
     * Has every worker remember nothing more of a tenant whose records come no more: what correlations and kept states have
     * of its events is gone when this returns true. What was in the log is looked at before.
     *
     * @param patience for each worker
     * @return false when one did not get there; ask again
     */
    public boolean forget(TenantId tenant, Duration patience) throws InterruptedException {
        boolean all = true;
        for (var worker : workers) {
            all &= worker.forget(tenant, patience);
        }
        return all;
    }

    public List<WorkerStatus> status() {
        return workers.stream().map(Worker::status).toList();
    }

    /** Lets each finish what it is at, makes checkpoints and returns when all have stopped. */
    @Override
    public void close() {
        workers.forEach(Worker::stop);
        boolean interrupted = false;
        for (var worker : workers) {
            boolean joined = false;
            while (!joined) {
                try {
                    worker.join();
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
