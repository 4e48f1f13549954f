package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.db.outbox.OutboxRunner;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.trigger.Triggers;
import io.marsad.store.query.Query;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Playbooks that times start, switched on and off and changed over HTTP, with two platforms that look at the clock. */
class PlaybookScheduleTest {
    private static final String EVERY_MINUTE = "* * * * *";
    private static final String NEW_YEAR = "0 0 1 1 *";

    private final TestNode node;
    private final TestNode.Tenant tenant;
    private final Calls calls;
    private final String id = UUID.randomUUID().toString();
    private final String path = "/v1/playbooks/" + id;
    private final AtomicReference<Instant> now;
    private final InstantSource clock;

    PlaybookScheduleTest() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("by-schedule");
        calls = new Calls(node, tenant.byToken());
        now = new AtomicReference<>(node.clock.instant().plus(Duration.ofHours(1))); // ahead of who writes
        clock = now::get;
    }

    @Test
    void aPlaybookIsStartedAtItsTimesByOneOfTwoPlatformsAsLongAsItIsOn() throws Exception {
        var newest = calls.tree("createPlaybook", "/v1/playbooks", TestRespond.source(text(EVERY_MINUTE)), 201)
                .get("newest")
                .stringValue();
        try (var one = platform();
                var other = platform()) {
            turn(true);
            await().until(() -> crons().equals(List.of(EVERY_MINUTE)));
            for (int minute = 1; minute <= 5; minute++) {
                pass(1);
                int wanted = minute;
                await().until(() -> runs() >= wanted);
                await().until(() -> due() == 0);
                assertThat(runs()).isEqualTo(wanted);
            }

            newest = change(NEW_YEAR, newest);
            await().until(() -> crons().equals(List.of(NEW_YEAR)));
            pass(3);
            await().until(() -> due() == 0);
            assertThat(runs()).isEqualTo(5);

            newest = change(EVERY_MINUTE, newest);
            await().until(() -> crons().equals(List.of(EVERY_MINUTE)));
            pass(1);
            await().until(() -> runs() == 6);

            turn(false);
            await().until(() -> crons().isEmpty());
            pass(3);
            await().until(() -> due() == 0);
            turn(true); // what passed while it was off is not made up for
            await().until(() -> crons().equals(List.of(EVERY_MINUTE)));
            assertThat(runs()).isEqualTo(6);
            pass(1);
            await().until(() -> runs() == 7);
            assertThat(one).isNotSameAs(other);
        }
    }

    private void pass(int minutes) {
        now.updateAndGet(before -> before.plus(Duration.ofMinutes(minutes)));
    }

    private OutboxRunner platform() {
        var shelf = new PlaybookShelf(new PlaybookReader(Catalogue.standard()));
        var triggers =
                new Triggers(node.database, shelf, text -> Query.parse(text).predicate(), clock);
        return OutboxRunner.start(node.database, List.of(triggers.following()), Duration.ofMillis(50), clock);
    }

    private void turn(boolean on) throws Exception {
        calls.json("enablePlaybook", path + "/enabled", "{\"enabled\":" + on + "}");
    }

    private String change(String cron, String base) throws Exception {
        var body = TestRespond.source(text(cron)).replaceFirst("}$", ",\"base\":\"" + base + "\"}");
        return calls.json("updatePlaybook", path, body).get("newest").stringValue();
    }

    private String text(String cron) {
        var trigger = "{on: schedule, cron: \"" + cron + "\"}";
        return TestRespond.playbook(id, "At its times") + TestRespond.TRIGGERS.formatted(trigger);
    }

    private int runs() throws Exception {
        var runs = calls.json("listPlaybookRuns", "/v1/playbook-runs?playbook=" + id, "")
                .get("runs");
        runs.forEach(run -> assertThat(run.get("started_by").stringValue()).isEqualTo("trigger:schedule"));
        return runs.size();
    }

    private List<String> crons() {
        return texts("SELECT cron FROM playbook_schedules WHERE tenant_id = ?");
    }

    /** So many items of the queue that somebody has to look at now, or does. */
    private int due() {
        return texts("SELECT item_id FROM outbox WHERE tenant_id = ? AND queue = 'playbook-triggers'"
                        + " AND (claim IS NOT NULL OR next_at <= '" + clock.instant() + "')")
                .size();
    }

    private List<String> texts(String sql) {
        return node.database.inTenant(tenant.id(), connection -> {
            var all = new java.util.ArrayList<String>();
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.id().value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(rows.getString(1));
                    }
                }
            }
            return all;
        });
    }
}
