package io.marsad.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** One tenant's questions leave room for another's. */
final class TurnsTest {
    private static final TenantId HEAVY = new TenantId("heavy");
    private static final TenantId LIGHT = new TenantId("light");
    private static final TenantId THIRD = new TenantId("third");

    @Test
    void aTenantNeverHasAllTurnsSoAnotherIsServedAtOnce() {
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            var turns = new Turns(2);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var first = turns.take(HEAVY);
                var second = CompletableFuture.supplyAsync(() -> take(turns, HEAVY), threads);
                var light = turns.take(LIGHT); // would wait for ever behind the second otherwise
                assertThat(second).isNotDone();
                light.close();
                assertThat(second).isNotDone();
                first.close();
                second.get().close();
            }
        });
    }

    @Test
    void aLongQuestionPassesItsTurnOnToWhoWaits() {
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            var turns = new Turns(2);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    var heavy = turns.take(HEAVY);
                    var light = turns.take(LIGHT)) {
                var third = CompletableFuture.runAsync(() -> take(turns, THIRD).close(), threads);
                while (!third.isDone()) {
                    heavy.passOn(); // nobody else gives one back
                }
                third.get();
                light.passOn();
            }
        });
    }

    @Test
    void whoIsInterruptedWhileWaitingLeavesTheQueue() {
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            var turns = new Turns(1);
            var held = turns.take(HEAVY);
            var thread = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    turns.take(HEAVY).close();
                } catch (IOException e) {
                    return; // as it should be
                }
            });
            thread.join();
            held.close();
            turns.take(HEAVY).close();
        });
    }

    private static Turns.Turn take(Turns turns, TenantId tenant) {
        try {
            return turns.take(tenant);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
