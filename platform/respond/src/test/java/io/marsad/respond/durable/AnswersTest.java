package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.Examples;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.Mandates;
import io.marsad.testkit.DueItems;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import io.marsad.wire.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What only reads the platform's own data is done in the transaction that asks for it, and is an action like any other. */
class AnswersTest {
    private static final String BAD = "192.0.2.66";

    private final TestClock clock = new TestClock("2026-11-23T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Catalogue catalogue = Catalogue.standard();
    private final PlaybookShelf shelf = new PlaybookShelf(new PlaybookReader(catalogue));
    private final ActionKeys keys = new ActionKeys(SharedDatabase.vault());
    private final Provider provider = new Provider();
    private final UUID run = UUID.randomUUID();

    /** Knows one address, says nothing at once of any other, and fails where it is told to. */
    private static final class Provider implements ActionProvider {
        private final List<Order> answered = new ArrayList<>();
        private boolean breaks;

        @Override
        public boolean answers(String action) {
            return action.equals("look_up");
        }

        @Override
        public Result.@Nullable Completed answer(Order order) {
            if (breaks) {
                throw new IllegalStateException("what is read cannot be read");
            }
            if (!String.valueOf(order.parameters().get("value")).contains(BAD)) {
                return null;
            }
            answered.add(order);
            return new Result.Completed(Map.of("verdict", "malicious", "confidence", "1"), "it is listed", false);
        }

        @Override
        public Result perform(Order order) {
            return new Result.Completed(Map.of("verdict", "unknown", "confidence", "0"));
        }

        @Override
        public Result settle(Order order) {
            throw new AssertionError("nobody died");
        }
    }

    private static String lookUp(int step, String value, String next) {
        return """
                  action--%d:
                    type: action
                    name: Look %d up
                    agent: group--1
                    out_args: [__verdict__]
                    commands: [{type: manual, command: "Look it up"}]
                    step_extensions:
                      extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                        action: look_up
                        with: {type: ip, value: "%s"}
                        outputs: {verdict: __verdict__}
                    on_completion: %s
                """.formatted(step, step, value, next);
    }

    private void begin(String second) {
        var source = Examples.yaml(
                """
                playbook_variables: {__verdict__: {type: string}}
                workflow:
                  start--1: {type: start, on_completion: action--1}
                """ + lookUp(1, BAD, "action--2") + lookUp(2, second, "end--1") + "  end--1: {type: end}\n");
        database.inTenant(tenant, connection -> {
            var turn = turn(connection);
            try {
                var version = shelf.put(turn, source, "user:ann");
                var wanted = new Runs.Wanted(run, version.playbook(), "user:ann", null, Map.of());
                return new Runs(shelf).begin(turn, wanted);
            } catch (io.marsad.kernel.content.ContentException e) {
                throw new AssertionError(e);
            }
        });
    }

    private Turn turn(java.sql.Connection connection) {
        return new Turn(connection, tenant, clock.instant());
    }

    private void pass() {
        var runs = new RunFollower(
                database,
                shelf,
                ManyRuns.requests(catalogue),
                new RunFollower.Reader(provider, new Mandates(keys)),
                clock);
        runs.follow(DueItems.claim(database, tenant, Runs.QUEUE, clock.instant(), 10));
    }

    private List<String> list(String sql) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<String>();
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(String.valueOf(rows.getString(1)));
                    }
                }
            }
            return all;
        });
    }

    @Test
    void aRunOfReadsEndsInOnePassAndEachOfThemIsSignedKeptAndAudited() throws Exception {
        begin(BAD);
        pass();
        assertThat(list("SELECT concat_ws('|', status, state -> 'values' ->> '__verdict__') FROM playbook_runs"
                        + " WHERE tenant_id = ?"))
                .containsExactly("succeeded|malicious");
        assertThat(list("SELECT concat_ws('|', status, tries, reason, outcome #>> '{outputs,verdict}', consent,"
                        + " dispatched_at = requested_at, ended_at = requested_at) FROM actions WHERE tenant_id = ?"
                        + " ORDER BY visit"))
                .containsExactly(
                        "completed|1|it is listed|malicious|automatic|t|t",
                        "completed|1|it is listed|malicious|automatic|t|t");
        assertThat(list("SELECT action FROM audit_log WHERE tenant_id = ? AND (action LIKE 'action.%'"
                        + " OR action LIKE 'playbook.%') ORDER BY seq"))
                .containsExactly(
                        "playbook.run",
                        "action.request",
                        "action.completed",
                        "action.request",
                        "action.completed",
                        "playbook.end");
        assertThat(list("SELECT queue FROM outbox WHERE tenant_id = ? AND queue IN ('actions', 'playbook-runs')"))
                .isEmpty();
        var trusted = database.inTenant(tenant, connection -> keys.trusted(connection, tenant));
        var verifier = new Verifier(tenant.value(), Mandates.PLATFORM, trusted, (action, until) -> true, clock);
        var envelopes = list("SELECT envelope FROM actions WHERE tenant_id = ? ORDER BY visit");
        assertThat(envelopes)
                .hasSize(2)
                .isEqualTo(provider.answered.stream()
                        .map(ActionProvider.Order::envelope)
                        .toList());
        for (int i = 0; i < 2; i++) {
            var signed = verifier.accept(envelopes.get(i));
            assertThat(signed.id()).isEqualTo(provider.answered.get(i).id());
            assertThat(signed.parameters()).contains(BAD);
        }
    }

    @Test
    void whatIsNotKnownHereGoesThroughTheOutbox() {
        begin("198.51.100.1");
        pass();
        assertThat(list("SELECT status FROM actions WHERE tenant_id = ? ORDER BY visit"))
                .containsExactly("completed", "requested");
        assertThat(list("SELECT status FROM playbook_runs WHERE tenant_id = ?")).containsExactly("running");
        assertThat(list("SELECT count(*) FROM outbox WHERE tenant_id = ? AND queue = 'actions'"))
                .containsExactly("1");
        var actions = new ActionFollower(database, provider, new Mandates(keys), clock);
        try {
            actions.follow(DueItems.claim(database, tenant, ActionRequests.QUEUE, clock.instant(), 10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        pass();
        assertThat(list("SELECT concat_ws('|', status, state -> 'values' ->> '__verdict__') FROM playbook_runs"
                        + " WHERE tenant_id = ?"))
                .containsExactly("succeeded|unknown");
    }

    @Test
    void aRunThatFailedWhereItReadsGoesOnWithoutReading() {
        begin(BAD);
        provider.breaks = true;
        try {
            pass();
            throw new AssertionError("what cannot be read fails");
        } catch (IllegalStateException e) {
            assertThat(list("SELECT status FROM actions WHERE tenant_id = ?")).isEmpty();
        }
        database.inTenant(tenant, connection -> {
            try (var update = connection.prepareStatement("UPDATE outbox SET failures = 1 WHERE tenant_id = ?")) {
                update.setString(1, tenant.value());
                return update.executeUpdate();
            }
        });
        pass();
        assertThat(list("SELECT status FROM actions WHERE tenant_id = ?")).containsExactly("requested");
    }
}
