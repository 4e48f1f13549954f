package io.marsad.respond.provide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.db.Database;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.cases.CaseWork;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.WarningLists;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the platform does of its own happens once, however often and by however many it is asked for. */
class OwnEffectsTest {
    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final OwnEffects own = new OwnEffects(
            database,
            new OwnEffects.Desks(
                    new CaseWork(database, clock, new Random(7)),
                    new Triage(database, clock),
                    new Indicators(database, none(), clock)),
            (tenant, what) -> CallerScope.callAs(Caller.system(tenant, "respond"), what::get),
            clock);

    private static WarningLists none() {
        try {
            return WarningLists.read(List.of());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Order order(String action, String... parameters) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], JsonNodeFactory.instance.stringNode(parameters[i + 1]));
        }
        return new Order(tenant, UUID.randomUUID(), action, map, false);
    }

    private long count(String from) {
        return database.<Long>inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT count(*) FROM " + from);
                    var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    private String kase() {
        var opened = own.perform(order("create_case", "title", "Beacon of ws-7", "severity", "high"));
        assertThat(opened).isInstanceOf(Result.Completed.class);
        return Objects.requireNonNull(((Result.Completed) opened).outputs().get("case"));
    }

    @Test
    void manyAtOnceDoOneThingOnce() throws Exception {
        var open = order("create_case", "title", "Beacon");
        var results = new ArrayList<Future<Result>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                results.add(threads.submit(() -> own.perform(open)));
            }
        }
        var first = results.getFirst().get();
        for (var one : results) {
            assertThat(one.get()).isEqualTo(first);
        }
        assertThat(count("cases")).isEqualTo(1);
        assertThat(count("action_calls")).isEqualTo(1);
    }

    @Test
    void aNoteIsPutOnceAndTheCaseIsClosed() {
        var kase = kase();
        var note = order("add_note", "case", kase, "text", "looked at it");
        for (int i = 0; i < 3; i++) {
            assertThat(own.perform(note)).isInstanceOf(Result.Completed.class);
        }
        assertThat(count("case_history WHERE detail LIKE '%looked at it%'")).isEqualTo(1);
        assertThat(own.perform(order("update_case", "case", kase, "state", "investigating", "severity", "low")))
                .isInstanceOf(Result.Completed.class);
        assertThat(own.perform(order("close_case", "case", kase, "resolution", "contained", "reason", "rebuilt")))
                .isInstanceOf(Result.Completed.class);
        assertThat(count("cases WHERE status = 'closed'")).isEqualTo(1);
    }

    @Test
    void whatFailsHalfwayHasDoneNothing() {
        var kase = kase();
        var bad = order("update_case", "case", kase, "severity", "critical", "state", "no-such-state");
        assertThat(own.perform(bad)).isInstanceOf(Result.Failed.class);
        assertThat(count("cases WHERE severity = 4"))
                .as("the severity was not changed")
                .isEqualTo(1);
        assertThat(count("action_calls WHERE action_id = '" + bad.id() + "'")).isZero();
        assertThat(own.perform(order("add_note", "case", UUID.randomUUID().toString(), "text", "x")))
                .isEqualTo(new Result.Failed("There is no such case.", false));
    }

    @Test
    void anIndicatorIsListedAndTakenAway() {
        var add = order("add_intel", "type", "ip", "value", "192.0.2.7", "days", "7", "reason", "beacon");
        assertThat(own.perform(add)).isInstanceOf(Result.Completed.class);
        assertThat(count("indicators")).isEqualTo(1);
        var remove = order("remove_intel", "type", "ip", "value", "192.0.2.7");
        assertThat(own.perform(remove)).isInstanceOf(Result.Completed.class);
        assertThat(own.perform(remove)).isInstanceOf(Result.Completed.class);
        assertThat(count("indicators")).isZero();
        assertThat(own.perform(order("remove_intel", "type", "ip", "value", "192.0.2.7")))
                .isInstanceOf(Result.Failed.class);
    }

    @Test
    void aRequestGoesWhereItMayAndIsNotSentAgainWhenItMayHaveArrived() throws Exception {
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            asked.incrementAndGet();
            if (exchange.getRequestURI().getPath().equals("/lost")) {
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/no") ? 403 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            var base = "http://127.0.0.1:" + server.getAddress().getPort();
            var guard = new OutboundGuard(List.of(base));
            var http = new OutboundHttp(
                    guard, (SSLSocketFactory) SSLSocketFactory.getDefault(), OutboundHttp.Limits.standard());
            var calls = new HttpCalls(database, http, clock);
            assertThat(calls.perform(order("http_call", "method", "POST", "url", base + "/yes", "body", "{}")))
                    .isInstanceOf(Result.Completed.class);
            assertThat(calls.perform(order("http_call", "method", "POST", "url", base + "/no")))
                    .isEqualTo(new Result.Failed("it was answered with 403", false));
            var lost = order("http_call", "method", "POST", "url", base + "/lost");
            assertThat(calls.perform(lost)).isInstanceOf(Result.Unknown.class);
            int before = asked.get();
            assertThat(calls.settle(lost)).isInstanceOf(Result.Unknown.class);
            assertThat(asked).as("not sent again").hasValue(before);
            for (var inside : List.of("http://10.0.0.1/", "https://127.0.0.2/", "https://localhost/", "file:///etc")) {
                assertThat(calls.perform(order("http_call", "method", "GET", "url", inside)))
                        .as(inside)
                        .isInstanceOf(Result.Failed.class);
            }
        } finally {
            server.stop(0);
        }
    }
}
