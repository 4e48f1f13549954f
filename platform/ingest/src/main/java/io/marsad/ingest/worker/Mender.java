package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.store.LostRows;
import io.marsad.kernel.store.Repair;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads again from the log what the store has found damaged, and gives it back. For moments with nothing else to do; one thread. */
final class Mender {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long EVERY_NANOS = Duration.ofSeconds(30).toNanos();

    private final int partition;
    private final WorkerPorts ports;
    private final RecordNormalizer normalizer;
    private long looked = System.nanoTime();

    Mender(int partition, WorkerPorts ports, RecordNormalizer normalizer) {
        this.partition = partition;
        this.ports = ports;
        this.normalizer = normalizer;
    }

    /** Looks for damage once in a while. What cannot be mended is told by the store; it does not stop the worker. */
    void mendWhenDue() throws InterruptedException {
        if (System.nanoTime() - looked < EVERY_NANOS) {
            return;
        }
        looked = System.nanoTime();
        try {
            for (var lost : ports.store().lost(partition)) {
                mend(lost);
            }
        } catch (IOException e) {
            LOG.warn("worker {}: damage in the event store could not be mended now", partition, e);
        }
    }

    private void mend(LostRows lost) throws IOException, InterruptedException {
        try (var repair = ports.store().repair(lost);
                var reader = ports.log().read(partition, lost.fromOffset())) {
            while (reader.position() < lost.toOffset()) {
                var batch = reader.poll(Duration.ZERO);
                if (batch == null) {
                    break;
                }
                if (batch.tenant().equals(lost.tenant())) {
                    offer(batch, repair);
                }
            }
            long missing = repair.finish();
            LOG.info("worker {}: mended {}, {} events are still missing", partition, lost.place(), missing);
        }
    }

    private void offer(RecordBatch batch, Repair repair) throws IOException {
        var events = new EventBatch(batch.tenant());
        for (int i = 0; i < batch.size(); i++) {
            int rows = events.rows();
            try {
                normalizer.normalize(batch, i, events);
            } catch (RuntimeException | StackOverflowError e) {
                if (events.rows() != rows) {
                    throw e;
                }
                events.dropRow(); // it became a dead letter when it came
                LOG.debug("a mapping failed on record {}", batch.id(i), e);
            }
        }
        if (events.rows() > 0) {
            repair.offer(events);
        }
    }
}
