package io.marsad.respond.provide;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.outbox.Follower;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.connection.TenantConnection;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.Reversals;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.durable.Verifications;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.Mandates;
import io.marsad.testkit.DueItems;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import io.marsad.wire.SignedAction;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** The way of an action from the request to what is known of it: signed, done, looked at, taken back. */
class CarriedOutTest {
    private static final String IP = "{\"ip\":\"192.0.2.7\"}";

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Catalogue catalogue = Catalogue.standard();
    private final ActionKeys keys = new ActionKeys(SharedDatabase.vault());
    private Product product;
    private TenantConnection connection;
    private ActionFollower actions;
    private VerificationFollower checks;

    @BeforeEach
    void open() throws Exception {
        product = new Product(clock);
        var providers = new Providers(database, catalogue, product.connections, List.of(), clock);
        actions = new ActionFollower(
                database, new VerifiedOnly(database, keys, providers, clock), new Mandates(keys), clock);
        checks = new VerificationFollower(database, product.connections, clock);
        var content = new TenantConnection.Content(
                "acme", "main", JsonNodeFactory.instance.objectNode().put("url", product.url()), true);
        connection = CallerScope.callAs(
                Caller.system(tenant, "ann"),
                () -> product.connections.create(content, Map.of("token", Product.SECRET)));
    }

    @AfterEach
    void close() {
        product.close();
    }

    private UUID request(String action, String consent) {
        var id = UUID.randomUUID();
        database.inTenant(tenant, sql -> {
            try (var insert = sql.prepareStatement("INSERT INTO actions (tenant_id, action_id, action, parameters,"
                    + " parameters_hash, target, radius, consent, reasons, status, requested_by, requested_at)"
                    + " VALUES (?, ?, ?, ?::jsonb, ?, '192.0.2.7', 'medium', ?, '{}', 'requested', 'user:ann', ?)")) {
                insert.setString(1, tenant.value());
                insert.setObject(2, id);
                insert.setString(3, action);
                insert.setString(4, IP);
                insert.setString(5, SignedAction.hash(IP));
                insert.setString(6, consent);
                insert.setTimestamp(7, Timestamp.from(clock.instant()));
                insert.executeUpdate();
            }
            Outbox.put(sql, tenant, clock.instant(), List.of(ActionRequests.QUEUE), List.of(id));
            return true;
        });
        return id;
    }

    private void agree(UUID action, String person, String hash) {
        run("INSERT INTO action_approvals VALUES ('" + tenant + "', '" + action + "', '" + person + "', true, '" + hash
                + "', null, now())");
    }

    private void run(String sql) {
        database.inTenant(tenant, connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                return statement.executeUpdate();
            }
        });
    }

    private String of(UUID action, String columns) {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT concat_ws('|', " + columns + ") FROM actions WHERE tenant_id = ? AND action_id = ?")) {
                select.setString(1, tenant.value());
                select.setObject(2, action);
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return String.valueOf(rows.getString(1));
                }
            }
        });
    }

    private int follow(String queue, Follower follower) throws Exception {
        var claim = DueItems.claim(database, tenant, queue, clock.instant(), 1_000);
        if (!claim.items().isEmpty()) {
            follower.follow(claim);
        }
        return claim.items().size();
    }

    private void act() throws Exception {
        assertThat(follow(ActionRequests.QUEUE, actions)).isPositive();
    }

    private void look(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofMinutes(31));
            assertThat(follow(Verifications.QUEUE, checks)).isEqualTo(1);
        }
        clock.advance(Duration.ofHours(1));
        assertThat(follow(Verifications.QUEUE, checks))
                .as("nobody looks any more")
                .isZero();
    }

    private Reversals.Asked takeBack(UUID action) {
        var requests = new ActionRequests(catalogue, new ActionRequests.Policies() {
            @Override
            public ActionPolicy of(Turn turn) {
                return new ActionPolicy(ActionPolicy.Maturity.L4, Set.of(), Set.of(), Set.of());
            }

            @Override
            public boolean isCrownJewel(Turn turn, String kind, String target) {
                return false;
            }
        });
        return database.inTenant(
                tenant,
                sql -> Reversals.ask(
                        new Turn(sql, tenant, clock.instant()),
                        requests,
                        catalogue,
                        new Reversals.Wanted(UUID.randomUUID(), action, "user:kim", "it was ours")));
    }

    @Test
    void whatIsDoneIsSignedLookedAtAndTakenBackByWhoDidIt() throws Exception {
        var block = request("block_ip", "automatic");
        act();
        assertThat(of(block, "status, carried_by, verification")).isEqualTo("completed|Acme Firewall (main)|pending");
        assertThat(of(block, "length(envelope_hash), length(envelope_key)")).isEqualTo("64|32");
        look(1);
        assertThat(of(block, "verification, checks")).isEqualTo("confirmed|1");
        var back = takeBack(block);
        assertThat(back.problem()).isNull();
        assertThat(takeBack(block).problem()).isEqualTo("it is being taken back already");
        act();
        assertThat(product.asked).as("with the rule that the first gave").contains("DELETE /blocks/192.0.2.7?rule=r-7");
        assertThat(of(block, "status")).as("not before it is verified").isEqualTo("completed");
        look(1);
        assertThat(of(Objects.requireNonNull(back.id()), "status, verification, reverses"))
                .isEqualTo("completed|confirmed|" + block);
        assertThat(of(block, "status")).isEqualTo("rolled_back");
        assertThat(takeBack(block).problem()).contains("rolled_back");
    }

    @Test
    void whatIsNotSoIsSaidAfterSeveralLooks() throws Exception {
        var block = request("block_ip", "automatic");
        act();
        product.lying = true;
        look(5);
        assertThat(of(block, "status, verification, checks, verification_detail"))
                .startsWith("completed|not_so|5|Acme Firewall (main): it is not so");
    }

    @Test
    void whatCannotBeLookedAtIsSaidToo() throws Exception {
        var block = request("block_ip", "automatic");
        act();
        CallerScope.runAs(Caller.system(tenant, "ann"), () -> product.connections.delete(connection.id()));
        look(5);
        assertThat(of(block, "verification, verification_detail"))
                .isEqualTo("unable|the connection that did it is no more");
    }

    @Test
    void aRollBackThatFailsIsSeenOnBoth() throws Exception {
        var block = request("block_ip", "automatic");
        act();
        var back = takeBack(block);
        product.faults.add(403);
        act();
        assertThat(of(Objects.requireNonNull(back.id()), "status")).isEqualTo("failed");
        assertThat(of(block, "status, reason")).startsWith("completed|taking it back failed: Acme Firewall (main)");
        assertThat(takeBack(block).problem()).as("it can be tried again").isNull();
    }

    @Test
    void whatWasChangedAfterItWasAgreedToIsRefused() throws Exception {
        var changed = request("block_ip", "one_person");
        agree(changed, "user:kim", SignedAction.hash(IP));
        run("UPDATE actions SET parameters = '{\"ip\": \"198.51.100.1\"}' WHERE action_id = '" + changed + "'");
        act();
        assertThat(of(changed, "status, reason")).startsWith("refused|its parameters are not those");
        var other = "{\"ip\":\"198.51.100.1\"}";
        var both = request("block_ip", "one_person"); // the hash with them: nobody agreed to that
        agree(both, "user:kim", SignedAction.hash(IP));
        run("UPDATE actions SET parameters = '" + other + "', parameters_hash = '" + SignedAction.hash(other)
                + "' WHERE action_id = '" + both + "'");
        act();
        assertThat(of(both, "status, reason")).isEqualTo("refused|not enough people agreed to what it is now");
        var nobody = request("block_ip", "two_people");
        agree(nobody, "user:kim", SignedAction.hash(IP));
        act();
        assertThat(of(nobody, "status")).isEqualTo("refused");
        assertThat(product.asked).isEmpty();
        var fine = request("block_ip", "one_person");
        agree(fine, "user:kim", SignedAction.hash(IP));
        act();
        assertThat(of(fine, "status")).isEqualTo("completed");
    }

    @Test
    void whatWasChangedAfterItWasSignedIsNotDone() throws Exception {
        var block = request("block_ip", "automatic");
        act();
        int asked = product.asked.size();
        // As if the platform had died after it was begun, and somebody changed the row meanwhile.
        run("DELETE FROM action_calls");
        run("UPDATE actions SET status = 'dispatched', parameters = '{\"ip\": \"198.51.100.1\"}' WHERE action_id = '"
                + block + "'");
        database.inTenant(tenant, sql -> {
            Outbox.put(sql, tenant, clock.instant(), List.of(ActionRequests.QUEUE), List.of(block));
            return true;
        });
        act();
        assertThat(of(block, "status, reason")).startsWith("unknown|").contains("somebody changed it");
        run("UPDATE actions SET status = 'dispatched', envelope = NULL WHERE action_id = '" + block + "'");
        database.inTenant(tenant, sql -> {
            Outbox.put(sql, tenant, clock.instant(), List.of(ActionRequests.QUEUE), List.of(block));
            return true;
        });
        act();
        assertThat(of(block, "status, reason")).startsWith("unknown|").contains("it is not signed");
        assertThat(product.asked).hasSize(asked);
    }

    @Test
    void keysChangeAndWhatTheOldOneSignedStaysGoodForADay() throws Exception {
        var first = request("block_ip", "automatic");
        act();
        clock.advance(ActionKeys.SIGNS.plusSeconds(1));
        var second = request("block_ip", "automatic");
        act();
        assertThat(of(second, "status")).isEqualTo("completed");
        assertThat(of(second, "envelope_key")).isNotEqualTo(of(first, "envelope_key"));
        var now = clock.instant();
        var known = database.inTenant(tenant, sql -> keys.trusted(sql, tenant));
        assertThat(known).hasSize(2);
        assertThat(known.stream().filter(key -> now.isBefore(key.notAfter()))).hasSize(2);
        clock.advance(Duration.ofHours(25));
        var later = clock.instant();
        assertThat(known.stream().filter(key -> later.isBefore(key.notAfter()))).hasSize(1);
        assertThat(database.<Integer>inTenant(
                        tenant,
                        sql -> SharedDatabase.vault()
                                .list(sql, tenant, "action-key")
                                .size()))
                .as("the old private half is gone")
                .isEqualTo(1);
    }
}
