package io.marsad.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a process spent is counted whole, but for what is told not to count. */
class ProcessCpuTest {
    private static final long SPENT = 300_000_000;

    @Test
    void countsWhatWasSpentInAnyThread() throws IOException, InterruptedException {
        var self = ProcessHandle.current();
        var before = ProcessCpu.of(self);
        var other = new Thread(() -> burn(SPENT / 2));
        other.start();
        burn(SPENT / 2);
        other.join();
        var each = ProcessCpu.of(self).since(before, 0, 1000);
        assertThat(each.all()).isGreaterThanOrEqualTo(SPENT / 1e3 / 1000 - 20); // two steps of the clock
        assertThat(each.compiler()).isNotNegative();
        assertThat(each.compiler() + each.collector()).isLessThanOrEqualTo(each.all() + 60);
    }

    @Test
    void leavesOutWhatDoesNotCount() {
        var before = new ProcessCpu(1_000_000_000, 100_000_000, 20_000_000);
        var each = new ProcessCpu(1_500_000_000, 150_000_000, 20_000_000).since(before, 100_000_000, 1000);
        assertThat(each.all()).isCloseTo(400, within(1e-9));
        assertThat(each.compiler()).isCloseTo(50, within(1e-9));
        assertThat(each.collector()).isZero();
    }

    @Test
    void aCompilerThreadThatHasEndedTakesNothingAway() {
        var each = new ProcessCpu(30_000_000, 10_000_000, 0).since(new ProcessCpu(10_000_000, 20_000_000, 0), 0, 1);
        assertThat(each.compiler()).isZero();
    }

    private static void burn(long nanos) {
        long end = Ours.cpu() + nanos;
        while (Ours.cpu() < end) {
            Thread.onSpinWait();
        }
    }
}
