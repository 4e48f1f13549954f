package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.normalize.format.RecordFormat;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Holds the hot path to its promise: next to nothing is allocated for a record. The time is printed, not asserted. */
class NormalizerSpeedTest {
    @Test
    void aRecordCostsNextToNoAllocation() throws Exception {
        var sample = Samples.all().stream()
                .filter(s ->
                        s.file().equals("windows-sysmon.test.yaml") && s.name().equals("process create"))
                .findFirst()
                .orElseThrow();
        var batch = new RecordBatch(Samples.TENANT, "t", RecordFormat.WINDOWS.label(), Samples.RECEIVED, 1 << 20);
        for (int i = 0; i < 1000; i++) {
            batch.add(new EventId(1, i), (byte) 0, sample.record(), 0, sample.record().length);
        }
        var normalizer = new Normalizer(Samples.mappings());
        var out = new EventBatch(Samples.TENANT);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 40; round++) {
            out.clear();
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 1000; i++) {
                if (normalizer.normalize(batch, i, out) != null) {
                    throw new AssertionError("refused");
                }
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - bytes);
        }
        System.out.printf(
                "normalize: %.2f us and %d B allocated for a record of %d B with %d entries%n",
                best / 1e6, allocated / 1000, sample.record().length, out.end(0));
        assertThat(allocated / 1000).isLessThan(1000);
    }
}
