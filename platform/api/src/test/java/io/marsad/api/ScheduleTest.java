package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import io.marsad.soc.schedule.Schedules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Searches that run by themselves: every event is looked at once, whatever stops in between. */
class ScheduleTest {
    private static final String SCHEDULES = "/v1/schedules";
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Once a year: in tests they run when they are told to. */
    private static final String RARELY = ",\"cron\":\"0 0 1 1 *\"}";

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    private static JsonNode create(Calls calls, String name, String more) throws Exception {
        var body = "{\"name\":\"" + name + "\"" + more + RARELY;
        return Json.tree(calls.send("createSchedule", SCHEDULES, body, 201).body());
    }

    private static String path(JsonNode schedule) {
        return SCHEDULES + "/" + schedule.get("id").stringValue();
    }

    private static List<JsonNode> runs(Calls calls, JsonNode schedule) throws Exception {
        var runs = new ArrayList<JsonNode>();
        calls.json("listScheduleRuns", path(schedule) + "/runs", "").get("runs").forEach(runs::add);
        return runs;
    }

    /** Has it run, and gives the run with its rows once it has ended. */
    private static JsonNode run(Calls calls, JsonNode schedule) throws Exception {
        int before = runs(calls, schedule).size();
        calls.send("runSchedule", path(schedule) + "/run", "", 202);
        return ended(calls, schedule, before);
    }

    private static JsonNode ended(Calls calls, JsonNode schedule, int before) throws Exception {
        await().atMost(LONG).until(() -> {
            var runs = runs(calls, schedule);
            return runs.size() > before && runs.getFirst().get("ended_at").isString();
        });
        var id = runs(calls, schedule).getFirst().get("id").stringValue();
        return calls.json("getScheduleRun", "/v1/schedule-runs/" + id, "");
    }

    private static void sql(Tenant tenant, String statement) {
        node.database.inTenant(tenant.id(), connection -> {
            try (var update = connection.createStatement()) {
                return update.executeUpdate(statement);
            }
        });
    }

    /** Events of the tenant that are stored and that the worker is done with. */
    private static void events(Tenant tenant, String... words) throws Exception {
        for (var word : words) {
            node.event(tenant.id(), word);
        }
        await().until(() -> node.workers.processed(tenant.id()) == node.intake.appended(tenant.id()));
    }

    @Test
    void everyRunLooksAtWhatCameSinceTheOneBefore() throws Exception {
        var tenant = node.tenant("schedule-windows");
        var calls = new Calls(node, tenant.byToken());
        events(tenant, "alpha", "alpha");
        var schedule = create(calls, "Alpha", ",\"query\":\"alpha\",\"max_hits\":2");
        assertThat(schedule.get("next_at").stringValue()).contains("-01-01T00:00:00");
        assertThat(run(calls, schedule).get("hits").intValue())
                .as("what came before it was made")
                .isZero();
        events(tenant, "alpha", "beta", "alpha", "alpha");
        var second = run(calls, schedule);
        assertThat(second.get("hits").intValue()).isEqualTo(3);
        assertThat(second.get("exact").booleanValue()).isTrue();
        assertThat(second.get("kept").intValue()).isEqualTo(2);
        assertThat(second.at("/answer/events")).hasSize(2);
        assertThat(second.get("state").stringValue()).isEqualTo("done");
        events(tenant, "alpha");
        var third = run(calls, schedule);
        assertThat(third.get("hits").intValue()).isEqualTo(1);
        assertThat(third.get("from").stringValue()).isEqualTo(second.get("to").stringValue());
        var table = create(calls, "Table", ",\"rule\":\"" + TestNode.RULE + "\",\"query\":\"* | stats count by host\"");
        events(tenant, "alpha", "beta", "alpha");
        var counted = run(calls, table);
        assertThat(counted.at("/answer/kind").stringValue()).isEqualTo("table");
        assertThat(counted.at("/answer/rows")).hasSize(1);
        assertThat(counted.at("/answer/rows/0/1").intValue()).isEqualTo(2);
    }

    @Test
    void aRunThatFindsEnoughRaisesOneAlert() throws Exception {
        var tenant = node.tenant("schedule-alerts");
        var calls = new Calls(node, tenant.byToken());
        var alert = ",\"query\":\"alpha\",\"alert\":{\"severity\":\"high\",\"threshold\":2}";
        var schedule = create(calls, "Alpha is back", alert);
        events(tenant, "alpha");
        assertThat(run(calls, schedule).get("alert_id").isNull()).isTrue();
        events(tenant, "alpha", "alpha", "alpha");
        var run = run(calls, schedule);
        var raised = calls.json("getAlert", "/v1/alerts/" + run.get("alert_id").stringValue(), "");
        assertThat(raised.get("title").stringValue()).isEqualTo("Alpha is back");
        assertThat(raised.get("severity").stringValue()).isEqualTo("high");
        assertThat(raised.get("event_count").intValue()).isEqualTo(3);
        assertThat(calls.json("listAlerts", "/v1/alerts", "").get("total").intValue())
                .isEqualTo(1);
    }

    @Test
    void whatAStopInterruptedIsDoneAgainAndMissedRunsAreMadeUpForByOne() throws Exception {
        var tenant = node.tenant("schedule-stops");
        var calls = new Calls(node, tenant.byToken());
        var schedule = create(calls, "Alpha", ",\"query\":\"alpha\"");
        events(tenant, "alpha", "alpha");
        // As a platform leaves it that was killed in the middle of a run, three hours of minutes ago.
        var id = schedule.get("id").stringValue();
        sql(tenant, "UPDATE schedules SET cron = '* * * * *', planned_from = now() - interval '3 hours'");
        sql(
                tenant,
                "INSERT INTO schedule_runs (tenant_id, run_id, schedule_id, state, started_at, from_time, to_time,"
                        + " from_offset, to_offset, hits, exact, kept, missed, scanned_events, took_ms) SELECT tenant_id,"
                        + " gen_random_uuid(), schedule_id, 'running', now() - interval '3 hours', now(), now(), 0, 0, 0, true, 0,"
                        + " 0, 0, 0 FROM schedules");
        sql(
                tenant,
                "UPDATE scheduled_tasks SET picked = true, picked_by = 'killed', execution_time = now() - interval"
                        + " '3 hours', last_heartbeat = now() - interval '3 hours' WHERE task_instance = '"
                        + tenant.id() + "/" + id + "'");
        var run = ended(calls, schedule, 1);
        assertThat(run.get("hits").intValue()).isEqualTo(2);
        assertThat(run.get("missed").intValue()).isBetween(178, 182);
        var all = runs(calls, schedule);
        assertThat(all.getLast().get("state").stringValue()).isEqualTo("failed");
        assertThat(all.getLast().get("error").stringValue()).contains("stopped");
        calls.send("disableSchedule", path(schedule) + "/disable", "", 200);
    }

    @Test
    void aRunThatFailsLeavesItsEventsToTheNext() throws Exception {
        var tenant = node.tenant("schedule-failures");
        var calls = new Calls(node, tenant.byToken());
        var schedule = create(calls, "Alpha", ",\"query\":\"alpha\"");
        events(tenant, "alpha", "alpha");
        sql(tenant, "UPDATE schedules SET query = '* | lookup gone on user'");
        var failed = run(calls, schedule);
        assertThat(failed.get("state").stringValue()).isEqualTo("failed");
        assertThat(failed.get("error").stringValue()).contains("gone");
        var fixed = "{\"name\":\"Alpha\",\"query\":\"alpha\",\"version\":1" + RARELY;
        calls.json("updateSchedule", path(schedule), fixed);
        events(tenant, "alpha");
        assertThat(run(calls, schedule).get("hits").intValue()).isEqualTo(3);
    }

    @Test
    void twoPlatformsOnOneDatabaseLookAtEveryEventOnce() throws Exception {
        var tenant = node.tenant("schedule-pairs");
        var calls = new Calls(node, tenant.byToken());
        try (var _ = node.schedules(Duration.ofMillis(50))) {
            var schedule = create(calls, "Alpha", ",\"query\":\"alpha\"");
            int sent = 0;
            for (int round = 0; round < 8; round++) {
                events(tenant, "alpha", "alpha");
                sent += 2;
                run(calls, schedule);
            }
            var hits = runs(calls, schedule).stream()
                    .mapToLong(run -> run.get("hits").longValue())
                    .sum();
            assertThat(hits).isEqualTo(sent);
        }
    }

    @Test
    void whatCannotBeIsRefusedAndOthersSchedulesAreLeftAlone() throws Exception {
        var tenant = node.tenant("schedule-rules");
        var analyst = new Calls(node, node.signIn(tenant.id(), Role.SOC_ANALYST));
        var admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        var auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        for (var wrong : List.of(
                "\"query\":\"alpha\",\"cron\":\"every now and then\"",
                "\"query\":\"alpha\",\"cron\":\"0 0 30 2 *\"",
                "\"query\":\"alpha\",\"cron\":\"* * * * *\",\"time_zone\":\"Middle/Earth\"",
                "\"query\":\"* | stats cuont\",\"cron\":\"* * * * *\"",
                "\"cron\":\"* * * * *\"")) {
            analyst.send("createSchedule", SCHEDULES, "{\"name\":\"Wrong\"," + wrong + "}", 400);
        }
        auditor.send("createSchedule", SCHEDULES, "{\"name\":\"A\",\"query\":\"alpha\"" + RARELY, 403);
        var view = Json.tree(
                analyst.send("createView", "/v1/views", "{\"name\":\"Kept\",\"query\":\"host = alpha-host\"}", 201)
                        .body());
        var made = create(admin, "Of a view", ",\"query\":\"beta\",\"time_zone\":\"Asia/Riyadh\"");
        assertThat(made.get("next_at").stringValue()).contains("-12-31T21:00:00");
        analyst.send("deleteSchedule", path(made), "", 403);
        analyst.send("disableSchedule", path(made) + "/disable", "", 403);
        assertThat(auditor.json("getSchedule", path(made), "").get("editable").booleanValue())
                .isFalse();
        var ofView =
                create(analyst, "Of a view", ",\"view\":\"" + view.get("id").stringValue() + "\"");
        assertThat(ofView.get("query").stringValue()).isEqualTo("host = alpha-host");
        var off = admin.json("disableSchedule", path(ofView) + "/disable", "");
        assertThat(off.get("next_at").isNull()).isTrue();
        assertThat(analyst.problem("runSchedule", path(ofView) + "/run", "", 409))
                .isEqualTo("schedule-off");
        var late = "{\"name\":\"Late\",\"query\":\"alpha\",\"version\":1" + RARELY;
        assertThat(analyst.problem("updateSchedule", path(ofView), late, 409)).isEqualTo("changed-meanwhile");
        analyst.send("deleteSchedule", path(ofView), "", 204);
        assertThat(Schedules.MOST).isEqualTo(100);
    }
}
