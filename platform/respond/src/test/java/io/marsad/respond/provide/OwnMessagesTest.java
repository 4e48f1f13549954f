package io.marsad.respond.provide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.notify.Announcing;
import io.marsad.soc.notify.Channel;
import io.marsad.soc.notify.Notifications;
import io.marsad.soc.notify.Ways;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Messages of playbooks on their way to receivers that really answer, and what is said when one does not. */
class OwnMessagesTest {
    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());
    private HttpServer http;
    private volatile int answer = 202;
    private Notifications notifications;
    private OwnMessages own;

    @BeforeEach
    void open() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.createContext("/", this::receive);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        var guard = new OutboundGuard(List.of(base()));
        var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var ways = new Ways(guard, new OutboundHttp(guard, tls, OutboundHttp.Limits.standard()), null, null);
        notifications = new Notifications(database, SharedDatabase.vault(), ways, clock, new Random(7));
        own = new OwnMessages(database, new Announcing(database, SharedDatabase.vault(), ways, clock), clock);
    }

    @AfterEach
    void close() {
        http.stop(0);
    }

    private String base() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        got.add(exchange.getRequestURI().getPath() + " "
                + exchange.getRequestHeaders().getFirst("Idempotency-Key") + " " + body);
        if (answer == 0) {
            exchange.close(); // it was read, and nobody says so
            return;
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private void channel(String name, Channel.Kind kind, Severity least, @Nullable String secret) {
        var target = kind == Channel.Kind.SLACK ? "" : kind == Channel.Kind.PAGERDUTY ? base() : base() + "/" + name;
        var content = new Channel.Content(name, kind, target, least, 2, true);
        CallerScope.callAs(Caller.system(tenant, "ann"), () -> notifications.create(content, secret));
    }

    private Order order(String action, String... parameters) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], JsonNodeFactory.instance.stringNode(parameters[i + 1]));
        }
        return new Order(tenant, UUID.randomUUID(), action, map, false);
    }

    private static Result.Completed completed(Result result) {
        assertThat(result).isInstanceOf(Result.Completed.class);
        return (Result.Completed) result;
    }

    @Test
    void aMessageGoesOnceToWhoWantsItsSeverity() {
        channel("room", Channel.Kind.WEBHOOK, Severity.LOW, null);
        channel("boss", Channel.Kind.WEBHOOK, Severity.CRITICAL, null);
        var order = order("notify", "text", "Host ws-7 is back\nAll is well.", "severity", "medium");
        assertThat(completed(own.perform(order)).note()).isEqualTo("taken by room");
        assertThat(own.perform(order)).as("done already").isInstanceOf(Result.Completed.class);
        assertThat(own.settle(order)).isInstanceOf(Result.Completed.class);
        assertThat(got).singleElement().asString().startsWith("/room " + order.id());
        assertThat(got.getFirst())
                .contains("\"type\":\"message\"", "\"title\":\"Host ws-7 is back\"", "\\nAll is well.", "medium");
        assertThat(completed(own.perform(order("notify", "text", "x", "channel", "BOSS")))
                        .note())
                .as("by its name, whatever it wants")
                .isEqualTo("taken by boss");
    }

    @Test
    void whoIsNotThereIsSaid() {
        var nobody = own.perform(order("notify", "text", "x"));
        assertThat(nobody.toString())
                .contains("Failed", "wants messages of severity medium", "Settings, Notifications");
        assertThat(own.perform(order("page_on_call", "title", "x")).toString())
                .contains("Failed", "nothing here wakes anybody", "PagerDuty or Opsgenie");
        assertThat(own.perform(order("notify", "text", "x", "channel", "attic")).toString())
                .contains("no channel 'attic'");
        channel("room", Channel.Kind.WEBHOOK, Severity.INFORMATIONAL, null);
        assertThat(own.perform(order("page_on_call", "title", "x")))
                .as("a room wakes nobody")
                .isInstanceOf(Result.Failed.class);
        assertThat(own.perform(order("notify", "text", "x", "severity", "loud")))
                .isInstanceOf(Result.Failed.class);
        assertThat(got).isEmpty();
    }

    @Test
    void aRefusalIsTriedAgainAndALimitIsKept() {
        channel("room", Channel.Kind.WEBHOOK, Severity.LOW, null);
        answer = 503;
        var order = order("notify", "text", "x");
        assertThat(own.perform(order))
                .isEqualTo(new Result.Failed("no channel took the message: room: it answers 503", true));
        answer = 202;
        assertThat(own.perform(order)).isInstanceOf(Result.Completed.class);
        assertThat(own.perform(order("notify", "text", "y")).toString())
                .as("two an hour")
                .contains("its limit of 2 messages an hour is reached");
        assertThat(got).hasSize(2);
    }

    @Test
    void whatMayHaveArrivedIsSentAgainOnlyWhereThatIsSeen() {
        channel("room", Channel.Kind.SLACK, Severity.LOW, base() + "/slack");
        answer = 0;
        var order = order("notify", "text", "x");
        assertThat(own.perform(order)).isInstanceOf(Result.Unknown.class);
        answer = 202;
        assertThat(own.settle(order)).as("Slack would show it twice").isInstanceOf(Result.Unknown.class);
        assertThat(got).hasSize(1);
    }

    @Test
    void aPageIsOneIncidentByItsKeyAndIsTakenUpAgainAfterACrash() throws Exception {
        channel("on call", Channel.Kind.PAGERDUTY, Severity.CRITICAL, "routing-key-0123456789abcdef0123");
        var order = order("page_on_call", "title", "Ransomware on FS-01", "key", "case-7", "severity", "high");
        answer = 0;
        assertThat(own.perform(order)).isInstanceOf(Result.Unknown.class);
        answer = 202;
        var incident = completed(own.settle(order)).outputs().get("incident");
        answer = 202;
        clock.advance(java.time.Duration.ofHours(1));
        var again = completed(own.perform(order("page_on_call", "title", "Worse", "key", "case-7")));
        assertThat(again.outputs()).containsEntry("incident", incident);
        var mapper = tools.jackson.databind.json.JsonMapper.shared();
        assertThat(got.stream()
                        .map(one -> one.substring(one.indexOf('{')))
                        .map(one -> ((ObjectNode) mapper.readTree(one))
                                .get("dedup_key")
                                .stringValue()))
                .as("PagerDuty makes one of them")
                .hasSize(3)
                .containsOnly(incident);
        assertThat(got.getFirst()).startsWith("/v2/enqueue").contains("Ransomware on FS-01", "\"severity\":\"error\"");
        assertThat(got.getLast()).contains("\"severity\":\"critical\"");
    }
}
