package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A query whose client has gone is not run to its end. */
class ClientGoneTest {
    @Test
    void closingTheConnectionEndsTheQuery() throws Exception {
        var node = TestNode.shared();
        var tenant = node.tenant(EndlessStore.TENANT.value());
        node.event(tenant.id(), "alpha");
        var calls = new Calls(node, tenant.byToken());
        // Lengths are no field, so the store cannot count them itself and the query reads every event, for two minutes.
        var body = "{\"query\":\"* | eval size = len(Marker) | stats count by size\",\"timeout_ms\":120000}";

        var response = node.client.send(
                node.request(calls.as(), "POST", "/v1/events/query", body), HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"begin\"");
            await().until(() -> node.endless.running().get() == 1);
            // The client reads on for a while: a query that is followed is not ended.
            assertThat(lines.readLine()).contains("\"progress\"");
            assertThat(node.endless.running().get()).isEqualTo(1);
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.endless.running().get() == 0);
        await().until(() -> calls.json("listSearchHistory", "/v1/search-history", "")
                .at("/entries/0/outcome")
                .asString("")
                .equals("cancelled"));
    }
}
