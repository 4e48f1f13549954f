package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.events.EventAnswers;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.provide.OwnReads;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What playbooks ask of the platform itself: stored events in the search language, alerts; of their own tenant only. */
class OwnReadsTest {
    private static TestNode node;
    private OwnReads reads;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void open() {
        reads = new OwnReads(
                TestIntel.services(node.database, node.vault, node.store, node.clock)
                        .intelligence(),
                new EventAnswers(node.store, node.json, TestContent.LISTS, node.clock),
                node.alerts,
                (tenant, what) -> CallerScope.callAs(Caller.system(tenant, "respond"), what::get));
    }

    private Result ask(Tenant tenant, String action, String... parameters) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], JsonNodeFactory.instance.stringNode(parameters[i + 1]));
        }
        return reads.perform(new Order(tenant.id(), UUID.randomUUID(), action, map, false));
    }

    private static JsonNode list(Result result, String name) {
        assertThat(result).isInstanceOf(Result.Completed.class);
        return JsonMapper.shared()
                .readTree(((Result.Completed) result).outputs().get(name));
    }

    private static String count(Result result) {
        assertThat(result).isInstanceOf(Result.Completed.class);
        return String.valueOf(((Result.Completed) result).outputs().get("count"));
    }

    @Test
    void storedEventsAreSearched() throws Exception {
        var tenant = node.tenant("playbook-search");
        var other = node.tenant("playbook-search-other");
        for (int i = 0; i < 3; i++) {
            node.event(tenant.id(), "gamma");
        }
        node.event(other.id(), "gamma");
        var all = ask(tenant, "search", "query", "host = gamma-host");
        assertThat(count(all)).isEqualTo("3");
        assertThat(((Result.Completed) all).note()).isNull();
        assertThat(list(all, "rows").get(0).at("/fields/device.hostname").stringValue())
                .isEqualTo("gamma-host");
        var some = ask(tenant, "search", "query", "gamma", "limit", "2", "hours", "1");
        assertThat(count(some)).isEqualTo("2");
        assertThat(list(some, "rows")).hasSize(2);
        assertThat(((Result.Completed) some).note()).isEqualTo("there is more than these rows");
        var table = list(ask(tenant, "search", "query", "gamma | stats count by host"), "rows");
        assertThat(table).hasSize(1);
        assertThat(table.get(0).get("count").intValue()).isEqualTo(3);
        assertThat(count(ask(tenant, "search", "query", "delta-nowhere"))).isEqualTo("0");
        assertThat(ask(tenant, "search", "query", "gamma | nostage")).isInstanceOf(Result.Failed.class);
        assertThat(ask(tenant, "search", "query", "gamma", "limit", "1000000").toString())
                .contains("'limit' is 1 to 1000");
        assertThat(ask(tenant, "search", "query", "gamma", "hours", "many")).isInstanceOf(Result.Failed.class);
    }

    @Test
    void aLookUpThatNeedsNobodyOutsideIsAnsweredAtOnce() throws Exception {
        var tenant = node.tenant("playbook-look-up");
        Map<String, JsonNode> of = Map.of(
                "type", JsonNodeFactory.instance.stringNode("ip"),
                "value", JsonNodeFactory.instance.stringNode("192.0.2.9"));
        var order = new Order(tenant.id(), UUID.randomUUID(), "look_up", of, false);
        assertThat(reads.answers("look_up")).isTrue();
        assertThat(reads.answers("search")).as("it may take long").isFalse();
        assertThat(reads.answer(order)).isEqualTo(reads.perform(order));
        var intel = TestIntel.services(node.database, node.vault, node.store, node.clock)
                .intelligence();
        CallerScope.callAs(
                Caller.system(tenant.id(), "ann"), () -> intel.set("virustotal", true, 4, 100, "a key of its own"));
        assertThat(reads.answer(order)).as("a service has to be asked").isNull();
    }

    @Test
    void ownAlertsAreFoundByWhatTheyNameOrByTheirTitle() throws Exception {
        var tenant = node.tenant("playbook-alerts");
        var other = node.tenant("playbook-alerts-other");
        node.alert(tenant.id(), node.event(tenant.id(), "epsilon"), "epsilon");
        node.alert(tenant.id(), node.event(tenant.id(), "zeta"), "zeta");
        node.alert(other.id(), node.event(other.id(), "epsilon"), "epsilon");
        assertThat(count(ask(tenant, "query_alerts"))).isEqualTo("2");
        var named = ask(tenant, "query_alerts", "query", "epsilon-host");
        assertThat(count(named)).isEqualTo("1");
        assertThat(list(named, "alerts").get(0).get("title").stringValue()).isEqualTo("Title epsilon");
        assertThat(count(ask(tenant, "query_alerts", "query", "title zeta"))).isEqualTo("1");
        assertThat(list(ask(tenant, "query_alerts", "limit", "1"), "alerts")).hasSize(1);
        assertThat(count(ask(tenant, "query_alerts", "query", "nobody"))).isEqualTo("0");
        assertThat(reads.yields("query_alerts"))
                .as("alerts of a connected platform come before")
                .isTrue();
        assertThat(reads.yields("search")).isFalse();
    }
}
