package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.action.ActionPolicy.Maturity;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.Approvals.Said;
import io.marsad.testkit.SharedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who may agree to what, and what becomes of it. */
class ApprovalsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final String HASH = io.marsad.wire.SignedAction.hash("{\"host\":\"ws-7\"}");

    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final UUID action = UUID.randomUUID();
    private boolean crownJewel;
    private Set<String> never = Set.of();

    private @Nullable String ask(String name, Map<String, JsonNode> parameters) {
        var requests = new ActionRequests(Catalogue.standard(), new ActionRequests.Policies() {
            @Override
            public ActionPolicy of(Turn turn) {
                return new ActionPolicy(Maturity.L1, Set.of(), never, Set.of());
            }

            @Override
            public boolean isCrownJewel(Turn turn, String kind, String target) {
                return crownJewel;
            }
        });
        var asked = new ActionRequests.Asked(action, null, name, parameters, Consent.AUTOMATIC, "user:ann", null, null);
        return database.inTenant(tenant, connection -> requests.ask(new Turn(connection, tenant, NOW), asked));
    }

    private @Nullable String isolate() {
        return ask("isolate_host", Map.of("host", JsonNodeFactory.instance.stringNode("ws-7")));
    }

    private Said say(String person, boolean agrees, String hash, Instant when) {
        var word = new Approvals.Word(action, person, agrees, hash, null);
        return database.inTenant(tenant, connection -> Approvals.say(new Turn(connection, tenant, when), word));
    }

    private String one(String sql) {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return String.valueOf(rows.getString(1));
                }
            }
        });
    }

    private String status() {
        return one("SELECT status FROM actions WHERE tenant_id = ?");
    }

    private String queued() {
        return one(
                "SELECT count(*) FROM outbox WHERE tenant_id = ? AND queue = 'actions' AND next_at <= '2026-11-22T08:00:01Z'");
    }

    @Test
    void oneWhoIsNotTheRequesterAgrees() {
        assertThat(isolate()).isNull();
        assertThat(status()).isEqualTo("awaiting_approval");
        assertThat(queued()).isEqualTo("0");
        assertThat(say("user:ann", true, HASH, NOW)).isEqualTo(Said.OWN_REQUEST);
        assertThat(say("user:kim", true, "0".repeat(64), NOW)).isEqualTo(Said.OTHER_PARAMETERS);
        assertThat(say("user:kim", true, HASH, NOW.plus(Duration.ofHours(24)))).isEqualTo(Said.TOO_LATE);
        assertThat(status()).isEqualTo("awaiting_approval");
        assertThat(say("user:kim", true, HASH, NOW)).isEqualTo(Said.AGREED);
        assertThat(status()).isEqualTo("requested");
        assertThat(queued()).isEqualTo("1");
        assertThat(say("user:lee", false, HASH, NOW)).isEqualTo(Said.NOT_WAITING);
        assertThat(one("SELECT string_agg(action, ' ' ORDER BY seq) FROM audit_log WHERE tenant_id = ?"))
                .isEqualTo("action.request action.approve");
    }

    @Test
    void aCrownJewelTakesTwo() {
        crownJewel = true;
        assertThat(isolate()).isNull();
        assertThat(say("user:kim", true, HASH, NOW)).isEqualTo(Said.ONE_MORE);
        assertThat(say("user:kim", true, HASH, NOW)).isEqualTo(Said.TWICE);
        assertThat(status()).isEqualTo("awaiting_approval");
        assertThat(say("user:lee", true, HASH, NOW)).isEqualTo(Said.AGREED);
    }

    @Test
    void whoRefusesEndsIt() {
        isolate();
        assertThat(say("user:ann", false, HASH, NOW)).isEqualTo(Said.REFUSED); // one may take one's own back
        assertThat(status()).isEqualTo("refused");
        assertThat(queued()).isEqualTo("0");
    }

    @Test
    void whatIsNotDoneAtAllIsKeptAndNotDone() {
        never = Set.of("isolate_host");
        assertThat(isolate()).contains("does not have isolate_host done");
        assertThat(status()).isEqualTo("refused");
        assertThat(queued()).isEqualTo("0");
    }

    @Test
    void wrongParametersAreNotEvenKept() {
        assertThat(ask("isolate_host", Map.of())).isEqualTo("isolate_host has to be told 'host'");
        assertThat(one("SELECT count(*) FROM actions WHERE tenant_id = ?")).isEqualTo("0");
    }

    @Test
    void nobodyOfAnotherTenantSeesIt() {
        isolate();
        var other = SharedDatabase.newTenant();
        var word = new Approvals.Word(action, "user:kim", true, HASH, null);
        assertThat(database.<Said>inTenant(other, connection -> Approvals.say(new Turn(connection, other, NOW), word)))
                .isEqualTo(Said.NOT_WAITING);
        assertThat(database.<Said>inTenant(other, connection -> Approvals.say(new Turn(connection, tenant, NOW), word)))
                .isEqualTo(Said.NOT_WAITING); // even when it names the right one
    }
}
