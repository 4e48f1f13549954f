package io.marsad.respond.provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.connection.Connectors;
import io.marsad.respond.connection.TenantConnection;
import io.marsad.respond.connection.TenantConnection.State;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Actions over connections of tenants to a product that really answers. */
class ProvidersTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/connectors");
    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Catalogue catalogue = Catalogue.standard();
    private Product product;
    private Providers providers;

    @BeforeEach
    void open() throws Exception {
        product = new Product(clock);
        providers = new Providers(database, catalogue, product.connections, List.of(), clock);
    }

    @AfterEach
    void close() {
        product.close();
    }

    private <T> T asAnn(TenantId of, ScopedValue.CallableOp<T, RuntimeException> work) {
        return CallerScope.callAs(Caller.system(of, "ann"), work);
    }

    private ObjectNode config(String url) {
        return JsonNodeFactory.instance.objectNode().put("url", url);
    }

    private TenantConnection connect(String name, Map<String, String> secrets) {
        return asAnn(
                tenant,
                () -> product.connections.create(
                        new TenantConnection.Content("acme", name, config(product.url()), true), secrets));
    }

    private Order order(String action, boolean simulated, String... parameters) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], JsonNodeFactory.instance.stringNode(parameters[i + 1]));
        }
        return new Order(tenant, UUID.randomUUID(), action, map, simulated);
    }

    private Order block() {
        return order("block_ip", false, "ip", "192.0.2.7", "reason", "beacon");
    }

    @Test
    void withoutAConnectionNothingIsDoneAndItIsSaidWhatWould() {
        assertThat(providers.perform(block()))
                .isEqualTo(new Result.Failed(
                        "nothing carries out block_ip: connect one of Acme Firewall under Settings, Connectors",
                        false));
        assertThat(providers.perform(order("kill_process", false, "host", "ws-7")))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.reason()).contains("endpoint agents"));
        assertThat(providers.perform(order("block_ip", true, "ip", "192.0.2.7")))
                .isInstanceOf(Result.Failed.class);
    }

    @Test
    void theFirstByNameCarriesItOutAndSaysSo() {
        connect("b", Map.of("token", "another"));
        connect("a", Map.of("token", Product.SECRET));
        var result = providers.perform(order("block_ip", false, "ip", "192.0.2.7", "hours", "4"));
        assertThat(result)
                .isEqualTo(new Result.Completed(
                        Map.of("rule", "r-7"),
                        "carried out by Acme Firewall (a); it is the first by name of a, b; which knows nothing of hours",
                        true));
        assertThat(product.blocked).containsExactly("192.0.2.7");
    }

    @Test
    void whatItIsDoneToIsFoundUnderAnotherNameAndTheKeyIsTheActions() {
        connect("a", Map.of("token", Product.SECRET));
        var order = order("suspend_instance", false, "instance", "i-77");
        assertThat(providers.perform(order)).isInstanceOf(Result.Completed.class);
        assertThat(product.keys)
                .containsEntry("/machines/i-77/suspend", order.id().toString());
    }

    @Test
    void withoutItsSecretOrWithAWrongOneItFailsAndIsNeverCompleted() {
        var none = connect("a", Map.of());
        assertThat(providers.perform(block()))
                .isEqualTo(
                        new Result.Failed("Acme Firewall (a): the secret 'token' is not set: In the settings", false));
        assertThat(product.asked).isEmpty();
        asAnn(tenant, () -> product.connections.update(none.id(), none.content(), Map.of("token", "wrong")));
        assertThat(providers.perform(block())).isInstanceOfSatisfying(Result.Failed.class, failed -> {
            assertThat(failed.reason()).contains("Acme Firewall (a)").doesNotContain("wrong");
            assertThat(failed.again()).isFalse();
        });
        assertThat(product.blocked).isEmpty();
    }

    @Test
    void whatIsSimulatedIsNotSent() {
        connect("a", Map.of("token", Product.SECRET));
        assertThat(providers.perform(order("block_ip", true, "ip", "192.0.2.7")))
                .isEqualTo(new Result.Simulated(
                        "carried out by Acme Firewall (a); would send POST " + product.url() + "/blocks/192.0.2.7"));
        assertThat(product.asked).isEmpty();
    }

    @Test
    void whatMayHaveArrivedIsUnknownAndWhatDidNotIsTriedAgain() {
        connect("a", Map.of("token", Product.SECRET));
        product.faults.add(429);
        assertThat(providers.perform(block()))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.again()).isTrue());
        product.faults.add(500);
        assertThat(providers.perform(block())).isInstanceOf(Result.Unknown.class);
        product.faults.add(-1);
        assertThat(providers.perform(block())).isInstanceOf(Result.Unknown.class);
    }

    @Test
    void whatWasInterruptedIsLookedAtAndNotDoneTwice() {
        connect("a", Map.of("token", Product.SECRET));
        var done = block();
        product.faults.add(-1); // done, and nobody heard of it
        assertThat(providers.perform(done)).isInstanceOf(Result.Unknown.class);
        assertThat(providers.settle(done)).isInstanceOf(Result.Completed.class);
        var lost = order("block_ip", false, "ip", "192.0.2.8");
        product.faults.add(0);
        assertThat(providers.perform(lost)).isInstanceOf(Result.Unknown.class);
        assertThat(providers.settle(lost))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.reason()).contains("was not done"));
        assertThat(product.asked.stream().filter(one -> one.startsWith("POST"))).hasSize(2);
        var repeated = order("allow_ip", false, "ip", "192.0.2.7");
        product.faults.add(0);
        assertThat(providers.perform(repeated)).isInstanceOf(Result.Unknown.class);
        assertThat(providers.settle(repeated)).isInstanceOf(Result.Completed.class); // twice is once
        assertThat(product.blocked).isEmpty();
        var heard = block();
        assertThat(providers.perform(heard)).isInstanceOf(Result.Completed.class);
        int before = product.asked.size();
        assertThat(providers.settle(heard)).isInstanceOf(Result.Completed.class);
        assertThat(product.asked).hasSize(before); // what it gave was kept
    }

    @Test
    void aTestSaysWhetherItWorksAndIsRemembered() {
        var one = connect("a", Map.of("token", "wrong"));
        assertThat(one.state()).isEqualTo(State.UNTESTED);
        assertThat(asAnn(tenant, () -> product.connections.test(one.id())).problem())
                .isNotNull();
        assertThat(only().state()).isEqualTo(State.FAILING);
        var content = one.content();
        assertThat(asAnn(tenant, () -> product.connections.tryOut(content, Map.of("token", Product.SECRET), one.id()))
                        .problem())
                .isNull();
        assertThat(only().state()).as("nothing is kept").isEqualTo(State.FAILING);
        asAnn(tenant, () -> product.connections.update(one.id(), content, Map.of("token", Product.SECRET)));
        assertThat(asAnn(tenant, () -> product.connections.test(one.id())).problem())
                .isNull();
        assertThat(only().state()).isEqualTo(State.OK);
    }

    private TenantConnection only() {
        return asAnn(tenant, () -> product.connections.list()).getFirst();
    }

    @Test
    void aSecretIsNeverShownAndNotSentWhereItWasNotGivenFor() {
        var one = connect("a", Map.of("token", Product.SECRET));
        assertThat(one.secrets()).containsExactly("token");
        assertThat(one.toString()).doesNotContain(Product.SECRET);
        var elsewhere = new TenantConnection.Content("acme", "a", config(product.url() + "/mine"), true);
        assertThatThrownBy(() -> asAnn(tenant, () -> product.connections.update(one.id(), elsewhere, Map.of())))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("secrets have to be given again");
        assertThatThrownBy(() -> asAnn(tenant, () -> product.connections.tryOut(elsewhere, Map.of(), one.id())))
                .isInstanceOf(ProblemException.class);
        assertThat(product.asked).isEmpty();
        for (var table : List.of("connections", "audit_log", "vault_secrets", "action_calls")) {
            assertThat(text(table)).as(table).doesNotContain(Product.SECRET);
        }
        assertThat(text("audit_log")).contains("connection.create", "changed: token");
        asAnn(tenant, () -> {
            product.connections.delete(one.id());
            return true;
        });
        assertThat(text("vault_secrets")).isEmpty();
    }

    @Test
    void addressesInsideAreRefused() {
        for (var url : List.of("http://10.0.0.1", "https://127.0.0.2", "https://0x7f000001/", "http://example.com")) {
            var content = new TenantConnection.Content("acme", "x", config(url), true);
            assertThatThrownBy(() -> asAnn(tenant, () -> product.connections.create(content, Map.of())))
                    .as(url)
                    .isInstanceOf(ProblemException.class);
        }
        var named = new TenantConnection.Content("acme", "x", config("https://localhost:1"), true);
        var problem = asAnn(
                tenant,
                () -> product.connections
                        .tryOut(named, Map.of("token", Product.SECRET), null)
                        .problem());
        assertThat(problem).contains("localhost");
    }

    @Test
    void nobodyElsesConnectionIsUsed() {
        var one = connect("a", Map.of("token", Product.SECRET));
        var other = SharedDatabase.newTenant();
        var order = new Order(
                other,
                UUID.randomUUID(),
                "block_ip",
                Map.of("ip", JsonNodeFactory.instance.stringNode("192.0.2.7")),
                false);
        assertThat(providers.perform(order)).isInstanceOf(Result.Failed.class);
        assertThat(asAnn(other, () -> product.connections.list())).isEmpty();
        assertThatThrownBy(() -> asAnn(other, () -> product.connections.test(one.id())))
                .isInstanceOf(ProblemException.class);
        assertThat(product.asked).isEmpty();
    }

    @Test
    void everyShippedOperationCanBeToldWhatItHasToBeTold() throws Exception {
        var missing = new ArrayList<String>();
        for (var manifest : Connectors.read(SHIPPED).all()) {
            for (var operation : manifest.operations().values()) {
                var kind = operation.action() == null
                        ? null
                        : catalogue.find(operation.action()).orElse(null);
                if (kind == null) {
                    continue;
                }
                Map<String, JsonNode> all = new LinkedHashMap<>();
                kind.parameters().keySet().forEach(name -> all.put(name, JsonNodeFactory.instance.stringNode("x")));
                var told = Parameters.of(kind, all, operation).values();
                operation.parameters().values().stream()
                        .filter(input -> input.required() && !told.has(input.name()))
                        .forEach(input -> missing.add(manifest.name() + "." + operation.name() + ": " + input.name()));
            }
        }
        assertThat(missing).isEmpty();
    }

    private String text(String table) {
        return database.inTenant(tenant, connection -> {
            var all = new StringBuilder();
            try (var select =
                    connection.prepareStatement("SELECT t::text FROM " + table + " t WHERE tenant_id = ?"); ) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.append(rows.getString(1)).append('\n');
                    }
                }
            }
            return all.toString();
        });
    }
}
