package io.marsad.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class GuardTest {
    private final TestClock clock = new TestClock("2026-11-23T06:00:00Z");

    @Test
    void aCollectorGivesTenSecondsWorthAtOnceAndThenItsRate() {
        var limiter = new Limiter(5, 1_000_000, clock);
        int gone = 0;
        for (int i = 0; i < 100; i++) {
            gone += limiter.take(10) ? 1 : 0;
        }
        assertThat(gone).isEqualTo(50);
        assertThat(limiter.leftRecords()).isEqualTo(50);
        assertThat(limiter.leftBytes()).isEqualTo(500);
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            gone += limiter.take(10) ? 1 : 0;
        }
        assertThat(gone).isEqualTo(55);
    }

    @Test
    void bytesAreLimitedToo() {
        var limiter = new Limiter(1000, 100, clock);
        assertThat(limiter.take(900)).isTrue();
        assertThat(limiter.take(200)).isFalse();
        assertThat(limiter.take(100)).isTrue();
    }

    @Test
    void intervalsGrowWithTheCpuThatWasTakenAndShrinkAgain() {
        var cpu = new AtomicLong();
        var watch = new CpuWatch(0.01, cpu::get, clock);
        int[] factors = new int[12];
        for (int minute = 0; minute < 12; minute++) {
            cpu.addAndGet(minute < 6 ? 700 : 100);
            clock.advance(Duration.ofMinutes(1));
            factors[minute] = watch.factor();
        }
        assertThat(factors).containsExactly(2, 4, 8, 16, 16, 16, 8, 4, 2, 1, 1, 1);
    }
}
