package io.marsad.ingest.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class SecondHandTest {
    private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatIsHandedOverIsDoneInOrder() throws Exception {
        try (var hand = new SecondHand("second", 3, 100)) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                hand.handOver(() -> done.add(number), i % 7 == 0 ? 1000 : 40);
            }
            hand.await();
        }
        assertThat(done).hasSize(500).isSorted();
    }

    @Test
    void nothingIsDoneAfterAFailureWhichIsTold() throws Exception {
        var handedOver = new CountDownLatch(1);
        try (var hand = new SecondHand("second", 4, 100)) {
            hand.handOver(
                    () -> {
                        handedOver.await();
                        throw new IOException("the disk is gone");
                    },
                    10);
            hand.handOver(() -> done.add(1), 10);
            hand.handOver(() -> done.add(2), 10);
            handedOver.countDown();

            assertThatThrownBy(hand::await).isInstanceOf(IOException.class).hasMessage("the disk is gone");
            assertThatThrownBy(() -> hand.handOver(() -> done.add(3), 95)).hasMessage("the disk is gone");
        }
        assertThat(done).isEmpty();
    }

    @Test
    void moreThanMayBeUnderWayWaitsForTheOldest() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var hand = new SecondHand("second", 2, 100)) {
            hand.handOver(goOn::await, 60);
            var waits = Thread.ofPlatform().start(() -> {
                try {
                    hand.handOver(() -> done.add(1), 60); // together more bytes than may be
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (waits.getState() != Thread.State.WAITING) {
                assertThat(waits.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            assertThat(done).isEmpty();
            goOn.countDown();
            waits.join();
            hand.await();
        }
        assertThat(done).containsExactly(1);
    }
}
