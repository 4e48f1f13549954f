package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The event log of a running platform is full, as what was processed is not durable in the store yet: the door says so
 * with 429, and takes again what it refused once there is room.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FullLogTest extends RunningPlatform {
    private static final int RECORDS = 40;
    /** Together more than twice what the log holds. */
    private static final int BATCHES = 12;

    FullLogTest() {
        super("full-log");
    }

    @Override
    String[] options() {
        return new String[] {"--set", "log.capacity=2MiB", "--set", "store.checkpoint=2s"};
    }

    @Test
    void whatWasRefusedIsTakenLaterAndNothingIsLostOrDoubled() throws Exception {
        long before = ledger().path("stored").asLong();
        var refused = new ArrayList<Answer>();
        var taken = new HashMap<String, List<String>>();
        for (int i = 0; i < BATCHES; i++) {
            var mark = mark();
            taken.put(mark, send(mark, refused));
        }
        awaitAllProcessed();

        assertThat(refused).as("times the log was full").isNotEmpty();
        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.retryAfter()).isPositive();
            assertThat(answer.body().path("type").asString()).contains("overloaded");
        });
        for (var batch : taken.entrySet()) {
            assertThat(ids(search(batch.getKey())))
                    .as("a batch whose records say " + batch.getKey())
                    .containsExactlyInAnyOrderElementsOf(batch.getValue());
        }
        assertThat(ledger().path("stored").asLong() - before).isEqualTo(BATCHES * RECORDS);
    }

    /** Sends the batch, without any key, until it is taken; returns the ids that its records got. */
    private List<String> send(String mark, List<Answer> refused) throws IOException, InterruptedException {
        var event = new HashMap<>(event(mark));
        event.put("attributes", Map.of("marker", mark, "filling", "x".repeat(10_000)));
        var body = batch("canonical", Collections.nCopies(RECORDS, event).toArray());
        var ids = new ArrayList<String>();
        await("room for " + mark, () -> {
            var answer = client.post("/v1/ingest/batch?ids=true", body);
            if (answer.status() == 429) {
                refused.add(answer);
                return false;
            }
            assertThat(answer.status()).as(answer.problem()).isEqualTo(202);
            ids.addAll(strings(answer.body().path("event_ids")));
            return true;
        });
        assertThat(ids).hasSize(RECORDS);
        return ids;
    }
}
