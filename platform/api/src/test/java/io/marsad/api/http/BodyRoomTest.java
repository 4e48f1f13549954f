package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.problem.ProblemException;
import org.junit.jupiter.api.Test;

final class BodyRoomTest {
    @Test
    void whatOneRequestHasAnotherWaitsForUntilItIsAnswered() {
        var room = new BodyRoom(100);
        var first = room.share();
        var second = room.share();
        first.take(60);
        first.take(20);
        second.take(20);

        assertThatThrownBy(() -> second.take(1))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(429));
        first.close();
        first.close();
        second.take(80);
        assertThat(room.free()).isZero();
        second.close();
        assertThat(room.free()).isEqualTo(100);
    }
}
