package io.marsad.respond.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Outbox;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.Examples;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Starts;
import io.marsad.respond.durable.Turn;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseWork;
import io.marsad.testkit.CutDatabase;
import io.marsad.testkit.DueItems;
import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each thing starts each playbook that waits for it, once. */
class TriggersTest {
    private static final String TRIGGERS = """
            playbook_extensions:
              extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                triggers: [%s]
            playbook_variables:
              __host__: {type: string, external: true}
            workflow:
              start--1: {type: start, on_completion: end--1}
              end--1: {type: end}
            """;

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alarms alarms = new Alarms(database, tenant, clock);
    private final PlaybookShelf shelf = new PlaybookShelf(new PlaybookReader(action -> List.of(), Alarms.MQL));
    private final Triggers triggers = new Triggers(database, shelf, Alarms.MQL, clock);

    private UUID shelve(int number, String trigger) {
        var source = Examples.whole(
                Examples.yaml(TRIGGERS.formatted(trigger)).replaceFirst("playbook--[0-9a-f-]+", "playbook--" + number));
        return database.inTenant(tenant, connection -> {
            try {
                return shelf.put(turn(connection), source, "user:ann").playbook();
            } catch (ContentException e) {
                throw new AssertionError(e);
            }
        });
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, tenant, clock.instant());
    }

    /** Everything that is due, by whoever comes. */
    private void follow() throws Exception {
        for (var claim = claim(); !claim.items().isEmpty(); claim = claim()) {
            triggers.follow(claim);
        }
    }

    private Claim claim() {
        return DueItems.claim(database, tenant, AlertFollowers.PLAYBOOKS, clock.instant(), 100);
    }

    private List<String> texts(String sql, Object... values) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<String>();
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                for (int i = 0; i < values.length; i++) {
                    select.setObject(i + 2, values[i]);
                }
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(rows.getString(1));
                    }
                }
            }
            return all;
        });
    }

    /** What the runs of a playbook are about, oldest first. */
    private List<String> about(UUID playbook) {
        return texts(
                "SELECT about FROM playbook_runs WHERE tenant_id = ? AND playbook_id = ? ORDER BY started_at, about",
                playbook);
    }

    private String left(UUID playbook) {
        return texts(
                        "SELECT left_count || ' ' || coalesce(left_reason, '') FROM playbooks WHERE tenant_id = ?"
                                + " AND playbook_id = ?",
                        playbook)
                .getFirst();
    }

    @Test
    void anAlertStartsWhatWaitsForItOnceAndTellsItWhatItNames() throws Exception {
        var high = shelve(1, "{on: alert, when: \"severity >= high\"}");
        var all = shelve(2, "{on: alert}, {on: alert, when: \"attack = T1110\"}");
        var none = shelve(3, "{on: manual}");
        var first = alarms.raise("high", "T1110");
        var second = alarms.raise("low", "T1110");
        follow();
        assertThat(about(high)).containsExactly("alert:" + first);
        assertThat(about(all)).containsExactlyInAnyOrder("alert:" + first, "alert:" + second);
        assertThat(about(none)).isEmpty();
        assertThat(texts(
                        "SELECT started_on || ' ' || started_by || ' ' || (state -> 'values' ->> '__host__')"
                                + " FROM playbook_runs WHERE tenant_id = ? AND about = ?",
                        "alert:" + second))
                .containsExactly("alert trigger:alert ws-2");

        again(first);
        follow();
        assertThat(about(high)).hasSize(1);
    }

    private void again(UUID subject) {
        database.inTenant(tenant, connection -> {
            Outbox.put(connection, tenant, clock.instant(), List.of(AlertFollowers.PLAYBOOKS), List.of(subject));
            return true;
        });
    }

    @Test
    void anAlertThatIsMoreSevereLaterStartsWhatWaitsForThat() throws Exception {
        var high = shelve(1, "{on: alert, when: \"severity >= high\"}");
        var alert = alarms.raise("low", "T1110");
        follow();
        assertThat(about(high)).isEmpty();
        database.inTenant(tenant, connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE alerts SET severity = 4 WHERE tenant_id = ? AND alert_id = ?")) {
                update.setString(1, tenant.value());
                update.setObject(2, alert);
                update.executeUpdate();
            }
            return true;
        });
        again(alert);
        follow();
        assertThat(about(high)).containsExactly("alert:" + alert);
    }

    @Test
    void moreThanWantedInAnHourIsCountedAndLeft() throws Exception {
        var playbook = shelve(1, "{on: alert, max_per_hour: 2}");
        for (int i = 0; i < 5; i++) {
            alarms.raise("high", "T1110");
        }
        follow();
        assertThat(about(playbook)).hasSize(2);
        assertThat(left(playbook)).isEqualTo("3 more than 2 in an hour (alert)");
        clock.advance(Duration.ofMinutes(61));
        var later = alarms.raise("high", "T1110");
        follow();
        assertThat(about(playbook)).hasSize(3).contains("alert:" + later);
    }

    @Test
    void oneThatIsSwitchedOffStartsNothing() throws Exception {
        var playbook = shelve(1, "{on: alert}, {on: schedule, cron: \"0 * * * *\"}");
        follow();
        off(playbook);
        alarms.raise("high", "T1110");
        clock.advance(Duration.ofHours(3));
        follow();
        assertThat(about(playbook)).isEmpty();
        assertThat(texts("SELECT cron FROM playbook_schedules WHERE tenant_id = ?"))
                .isEmpty();
        assertThat(texts("SELECT queue FROM outbox WHERE tenant_id = ? AND queue = 'playbook-triggers'"))
                .isEmpty();
    }

    private void off(UUID playbook) {
        database.inTenant(tenant, connection -> {
            try (var update = connection.prepareStatement(
                    "UPDATE playbooks SET enabled = false WHERE tenant_id = ? AND playbook_id = ?")) {
                update.setString(1, tenant.value());
                update.setObject(2, playbook);
                return update.executeUpdate();
            }
        });
    }

    @Test
    void aScheduleStartsAtItsTimesAndOnceForThoseThatWereMissed() throws Exception {
        var playbook = shelve(1, "{on: schedule, cron: \"0 * * * *\"}");
        follow();
        assertThat(about(playbook)).isEmpty();
        clock.advance(Duration.ofMinutes(60));
        again(playbook); // however often it is looked at
        follow();
        follow();
        assertThat(about(playbook)).hasSize(1);
        clock.advance(Duration.ofHours(5)); // nobody was there
        follow();
        assertThat(about(playbook)).hasSize(2);
        clock.advance(Duration.ofMinutes(59));
        follow();
        assertThat(about(playbook)).hasSize(2);
        clock.advance(Duration.ofMinutes(1));
        follow();
        assertThat(about(playbook)).hasSize(3);
    }

    @Test
    void aCaseStartsPlaybooksButNotThoseWhoseRunsOpenedIt() throws Exception {
        var opens = shelve(1, "{on: alert}, {on: case}");
        var other = shelve(2, "{on: case, when: \"kind = case and severity >= high\"}");
        var alert = alarms.raise("high", "T1110");
        follow();
        var run = Starts.run(opens, "alert:" + alert);
        database.inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO actions (tenant_id, action_id, run_id, action,"
                    + " parameters, parameters_hash, target, radius, consent, reasons, status, requested_by,"
                    + " requested_at) VALUES (?, ?, ?, 'create_case', jsonb_build_object('alert', ?::text), 'h', '', 'minimal',"
                    + " 'automatic', '{}', 'dispatched', 'run:x', ?)")) {
                insert.setString(1, tenant.value());
                insert.setObject(2, new UUID(1, 1));
                insert.setObject(3, run);
                insert.setString(4, alert.toString());
                insert.setTimestamp(5, Timestamp.from(clock.instant()));
                insert.executeUpdate();
            }
            return true;
        });
        clock.advance(Duration.ofSeconds(1));
        var work = new CaseWork(database, clock, new Random(1));
        var kase = CallerScope.callAs(
                Caller.system(tenant, "ann"), () -> work.open("Something", Severity.HIGH, List.of(id(alert))));
        follow();
        assertThat(about(opens)).containsExactly("alert:" + alert);
        assertThat(left(opens)).isEqualTo("1 a run of it opened the case");
        assertThat(about(other)).containsExactly("case:" + kase.uuid());
        assertThat(texts("SELECT cause_run FROM playbook_runs WHERE tenant_id = ? AND playbook_id = ?", other))
                .containsExactly(run.toString());
    }

    private static EventId id(UUID id) {
        return new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @Test
    void whateverIsCutEachAlertStartsEachPlaybookOnce() throws Exception {
        var random = Seed.of("TriggersTest").random();
        var one = shelve(1, "{on: alert}");
        var two = shelve(2, "{on: alert, when: \"severity >= high\"}");
        for (int i = 0; i < 20; i++) {
            alarms.raise("high", "T1110");
        }
        int cuts = 0;
        try (var faulty = new CutDatabase()) {
            var follower = new Triggers(faulty.database(), shelf, Alarms.MQL, clock);
            for (int pass = 0; pass < 1_000; pass++) {
                var claim = claim();
                if (claim.items().isEmpty()) {
                    break;
                }
                faulty.arm(random.nextInt(1, 200), random.nextBoolean());
                try {
                    follower.follow(claim);
                } catch (io.marsad.db.DatabaseException e) {
                    assertThat(e.getCause()).isInstanceOf(java.sql.SQLException.class);
                }
                cuts += faulty.disarm() ? 1 : 0;
            }
        }
        System.out.println("cut " + cuts + " times");
        assertThat(about(one)).hasSize(20).doesNotHaveDuplicates();
        assertThat(about(two)).hasSize(20).doesNotHaveDuplicates();
    }

    /** By the runner of the outbox, as in a platform: from the alert to its run. */
    @Test
    void anAlertIsFollowedAtOnce() throws Exception {
        var playbook = shelve(1, "{on: alert}");
        try (var runner = OutboxRunner.start(database, List.of(triggers.following()), Duration.ofSeconds(1), clock)) {
            var alert = alarms.raise("high", "T1110");
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(about(playbook)).containsExactly("alert:" + alert));
            assertThat(runner).isNotNull();
        }
    }
}
