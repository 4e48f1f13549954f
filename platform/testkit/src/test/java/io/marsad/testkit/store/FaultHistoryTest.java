package io.marsad.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import org.junit.jupiter.api.Test;

/** Event log and event store together, through a thousand histories of lost power, full disks and turned bits. */
final class FaultHistoryTest {
    private static final int HISTORIES = 1000;

    @Test
    void nothingAcknowledgedIsLostOrDoubledAndDamageIsTold() throws Exception {
        long seed = Seed.of("FaultHistoryTest").value();
        var sum = FaultOutcome.NONE;
        for (int i = 0; i < HISTORIES; i++) {
            try {
                sum = sum.plus(FaultHistory.run(seed + i));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("history " + i + ": again with -Dmarsad.seed=" + (seed + i), e);
            }
        }
        System.out.println(sum);
        assertThat(sum.powerLost()).isGreaterThan(HISTORIES / 2);
        assertThat(sum.full()).isGreaterThan(HISTORIES);
        assertThat(sum.flipped() + sum.unreadable()).isGreaterThan(HISTORIES / 10);
        assertThat(sum.lost()).as("lost with damage told, a small part").isLessThan(sum.acknowledged() / 5);
    }
}
