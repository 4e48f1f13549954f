package io.marsad.bench.sigma;

import com.sun.management.ThreadMXBean;
import io.marsad.kernel.event.EventBatch;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What one thread spends on events: its own CPU time, so that a busy machine spoils less, and the bytes it allocates. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Meter() {}

    /** Looks at one event. */
    interface Engine {
        /** Returns how many rules fit. */
        int match(EventBatch batch, int row);
    }

    /** CPU time of one pass over the events, microseconds an event. */
    static double pass(Engine engine, List<EventBatch> batches) {
        long before = THREADS.getCurrentThreadCpuTime();
        run(engine, batches);
        return (THREADS.getCurrentThreadCpuTime() - before) / 1e3 / Workload.count(batches);
    }

    /** Bytes that one pass allocates, an event. */
    static double allocated(Engine engine, List<EventBatch> batches) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(engine, batches);
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / Workload.count(batches);
    }

    static long run(Engine engine, List<EventBatch> batches) {
        long found = 0;
        for (EventBatch batch : batches) {
            for (int row = 0, n = batch.rows(); row < n; row++) {
                found += engine.match(batch, row);
            }
        }
        return found;
    }
}
