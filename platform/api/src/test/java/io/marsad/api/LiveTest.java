package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.identity.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is followed as it happens. */
class LiveTest {
    private static TestNode node;
    private static Tenant tenant;
    private static Identity analyst;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("followed");
        analyst = node.signIn(tenant.id(), Role.SOC_ANALYST);
    }

    private static JsonNode call(Identity as, String operation, String path, String body, int status) throws Exception {
        return new Calls(node, as).tree(operation, path, body, status);
    }

    @Test
    void streamsWhatHappensAndResumes() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var listed = call(analyst, "listAlerts", "/v1/alerts", "", 200)
                .get("live_seq")
                .stringValue();
        var reader = follow(analyst, "/v1/live?last_event_id=" + listed, lines);
        await().until(() -> lines.contains(": open"));
        var alert = node.alert(tenant.id(), node.event(tenant.id(), "live1"), "live1");
        await().until(() -> lines.contains("event: alert.created"));
        await().until(() -> lines.contains(": still here"));
        assertThat(lines)
                .anyMatch(line ->
                        line.startsWith("data: ") && line.contains(alert.id().toString()));
        var id = lines.stream().filter(l -> l.startsWith("id: ")).findFirst().orElseThrow();
        reader.interrupt();

        node.alert(tenant.id(), node.event(tenant.id(), "live2"), "live2");
        var resumed = new CopyOnWriteArrayList<String>();
        var second = follow(analyst, "/v1/live?last_event_id=" + id.substring(4), resumed);
        await().until(() -> resumed.stream().anyMatch(l -> l.contains("live2")));
        assertThat(resumed).noneMatch(l -> l.contains("live1"));
        second.interrupt();
        call(analyst, "live", "/v1/live?last_event_id=x", "", 400);
    }

    @Test
    void aStreamEndsWithItsSession() throws Exception {
        node.accounts.create(tenant.id(), "leaver", TestNode.PASSWORD, Role.AUDITOR, "system:test");
        var leaver = node.signIn(tenant.id(), "leaver", "leaver");
        var lines = new CopyOnWriteArrayList<String>();
        var reader = follow(leaver, "/v1/live", lines);
        await().until(() -> lines.contains(": open"));
        call(leaver, "logout", "/v1/auth/logout", "", 204);
        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
        assertThat(lines).last().isEqualTo("END");

        var made = CallerScope.callAs(
                Caller.system(tenant.id(), "test"),
                () -> node.tokens.create(
                        "live",
                        java.util.Set.of("alerts:read"),
                        node.clock.instant().plusMillis(1500)));
        var byToken = new Identity("t", "Authorization", "Bearer " + made.secret(), "");
        var ofToken = new CopyOnWriteArrayList<String>();
        assertThat(follow(byToken, "/v1/live", ofToken).join(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(ofToken).contains(": open", ": still here").last().isEqualTo("END");
    }

    /** Reads a stream line by line on a thread of its own, until it is interrupted or the stream ends (END). */
    private static Thread follow(Identity as, String path, List<String> lines) throws Exception {
        var response = node.client.send(node.request(as, "GET", path, ""), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return Thread.ofVirtual().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null && !Thread.interrupted(); line = reader.readLine()) {
                    lines.add(line);
                }
                lines.add("END");
            } catch (IOException e) {
                lines.add("BROKEN " + e.getMessage());
            }
        });
    }

    @Test
    void hundredsMayFollowAtOnce() throws Exception {
        var other = node.tenant("crowd");
        var all = new ArrayList<List<String>>();
        for (int i = 0; i < 200; i++) {
            var lines = new CopyOnWriteArrayList<String>();
            follow(other.byToken(), "/v1/live", lines);
            all.add(lines);
        }
        await().until(() -> all.stream().allMatch(lines -> lines.contains(": open")));
        var alert = node.alert(other.id(), node.event(other.id(), "crowd"), "crowd");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.stream()
                        .allMatch(lines -> lines.stream()
                                .anyMatch(l -> l.contains(alert.id().toString()))));
    }
}
