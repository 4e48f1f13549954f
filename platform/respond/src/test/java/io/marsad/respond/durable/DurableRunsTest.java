package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.trial.PlaybookFolder;
import io.marsad.testkit.CutDatabase;
import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Whatever dies, and when: no run is lost, none is stuck, and nothing is done twice. */
class DurableRunsTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");
    private static final int RUNS = Integer.getInteger("marsad.runs", 48);

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Catalogue catalogue = Catalogue.standard();
    private final PlaybookShelf shelf = new PlaybookShelf(new PlaybookReader(catalogue));
    private final Runs runs = new Runs(shelf);
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final SplittableRandom random = Seed.of("DurableRunsTest").random();
    private final RecordingVendor vendor = new RecordingVendor(catalogue, random.split());
    private final Map<UUID, Playbook> playbooks = new LinkedHashMap<>();

    private record Asked(UUID id, String action, String hash, String status, String parameters) {}

    @Test
    void killedAnywhereEveryShippedPlaybookEndsAndDoesNothingTwice() throws Exception {
        shelve();
        var begun = begin();
        int cuts = 0;
        try (var faulty = new CutDatabase()) {
            var runFollower = new RunFollower(faulty.database(), shelf, requests(), clock);
            var actionFollower = new ActionFollower(faulty.database(), vendor, clock);
            for (int pass = 0; !isEnded() && pass < 100_000; pass++) {
                faulty.arm(random.nextInt(1, 60), random.nextBoolean());
                boolean worked = attempt(Runs.QUEUE, runFollower) | attempt(ActionRequests.QUEUE, actionFollower);
                cuts += faulty.disarm() ? 1 : 0;
                if (!worked && !people()) {
                    clock.advance(untilNext());
                }
            }
        }
        System.out.println("cut " + cuts + " times, died " + vendor.deaths() + " times, "
                + vendor.done().size() + " actions");
        assertThat(cuts).isGreaterThan(RUNS);
        assertThat(vendor.deaths()).isGreaterThan(RUNS / 4);
        assertWhole(begun);
    }

    private void shelve() throws Exception {
        var reader = new PlaybookReader(catalogue);
        for (var entry : PlaybookFolder.read(SHIPPED, reader)) {
            var source = Files.readString(entry.file());
            var version = database.inTenant(tenant, connection -> {
                try {
                    return shelf.put(turn(connection), source, "user:ann");
                } catch (io.marsad.kernel.content.ContentException e) {
                    throw new AssertionError(e);
                }
            });
            playbooks.put(version.playbook(), Objects.requireNonNull(entry.playbook()));
        }
    }

    private List<UUID> begin() {
        var ids = new ArrayList<>(playbooks.keySet());
        var begun = new ArrayList<UUID>();
        for (int i = 0; i < RUNS; i++) {
            var playbook = ids.get(i % ids.size());
            Map<String, @Nullable String> given = new LinkedHashMap<>();
            Objects.requireNonNull(playbooks.get(playbook)).variables().values().stream()
                    .filter(io.marsad.respond.variable.Variable::external)
                    .forEach(variable -> given.put(variable.name(), RecordingVendor.sample(variable.type(), random)));
            var run = new UUID(random.nextLong(), random.nextLong());
            var wanted = new Runs.Wanted(run, playbook, "trigger:test", null, given);
            database.inTenant(tenant, connection -> runs.begin(turn(connection), wanted));
            begun.add(run);
        }
        return begun;
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, tenant, clock.instant());
    }

    private ActionRequests requests() {
        return new ActionRequests(catalogue, new ActionRequests.Policies() {
            @Override
            public ActionPolicy of(Turn turn) {
                return ActionPolicy.standard();
            }

            @Override
            public boolean isCrownJewel(Turn turn, String kind, String target) {
                return false;
            }
        });
    }

    /** @return whether there was something to do */
    private boolean attempt(String queue, Follower follower) {
        var claim = claim(queue);
        if (claim.items().isEmpty()) {
            return false;
        }
        try {
            follower.follow(claim);
        } catch (DatabaseException e) {
            assertThat(e.getCause()).as("only the connection fails").isInstanceOf(SQLException.class);
        } catch (Exception e) {
            assertThat(e).as("only what was killed fails").hasStackTraceContaining("killed");
        }
        return true;
    }

    /** As a platform does that comes after one that died: its claims are void. */
    private Claim claim(String queue) {
        var token = UUID.randomUUID();
        return database.inTenant(tenant, connection -> {
            var items = new ArrayList<Claim.Item>();
            try (var update =
                    connection.prepareStatement("UPDATE outbox SET claim = ? WHERE tenant_id = ? AND item_id IN"
                            + " (SELECT item_id FROM outbox WHERE tenant_id = ? AND queue = ? AND NOT dead AND next_at <= ?"
                            + " ORDER BY item_id LIMIT 20) RETURNING item_id, subject, failures")) {
                update.setObject(1, token);
                update.setString(2, tenant.value());
                update.setString(3, tenant.value());
                update.setString(4, queue);
                update.setTimestamp(5, Timestamp.from(clock.instant()));
                try (var rows = update.executeQuery()) {
                    while (rows.next()) {
                        items.add(new Claim.Item(rows.getLong(1), rows.getObject(2, UUID.class), rows.getInt(3)));
                    }
                }
            }
            return new Claim(tenant, queue, token, items);
        });
    }

    /** People agree, refuse, and do what is theirs. @return whether there was something for them */
    private boolean people() {
        var waiting = actions("status IN ('awaiting_approval', 'unknown')");
        for (var asked : waiting) {
            database.inTenant(tenant, connection -> {
                if (asked.action().equals(ActionRows.TASK) || asked.status().equals("unknown")) {
                    boolean did = random.nextInt(6) != 0;
                    return Approvals.answer(
                            turn(connection), asked.id(), "user:ann", did ? filled(asked) : null, "by hand");
                }
                var word = new Approvals.Word(
                        asked.id(), "user:" + random.nextInt(3), random.nextInt(6) != 0, asked.hash(), null);
                return Approvals.say(turn(connection), word) != Approvals.Said.NOT_WAITING;
            });
        }
        return !waiting.isEmpty();
    }

    /** What a task asks for, by the types of the variables of all playbooks. */
    private Map<String, @Nullable String> filled(Asked asked) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (var name : JsonMapper.shared().readTree(asked.parameters()).path("asks_for")) {
            playbooks.values().stream()
                    .map(playbook -> playbook.variables().get(name.stringValue()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(
                            variable -> values.put(variable.name(), RecordingVendor.sample(variable.type(), random)));
        }
        return values;
    }

    private List<Asked> actions(String where) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<Asked>();
            try (var select = connection.prepareStatement("SELECT action_id, action, parameters_hash, status,"
                    + " parameters::text FROM actions WHERE tenant_id = ? AND " + where + " ORDER BY action_id")) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(new Asked(
                                rows.getObject(1, UUID.class),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5)));
                    }
                }
            }
            return all;
        });
    }

    private boolean isEnded() {
        return count("SELECT count(*) FROM playbook_runs WHERE tenant_id = ? AND status = 'running'") == 0
                && count("SELECT count(*) FROM actions WHERE tenant_id = ? AND status IN ('requested', 'dispatched')")
                        == 0;
    }

    private long count(String sql) {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    private Duration untilNext() {
        var next = database.<@Nullable Instant>inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT min(next_at) FROM outbox WHERE tenant_id = ?")) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    var at = rows.getTimestamp(1);
                    return at == null ? null : at.toInstant();
                }
            }
        });
        assertThat(next).as("a run waits for nothing").isNotNull();
        var wait = Duration.between(clock.instant(), next);
        return wait.isNegative() ? Duration.ofMillis(1) : wait.plusMillis(1);
    }

    private void assertWhole(List<UUID> begun) {
        assertThat(isEnded()).as("none is stuck").isTrue();
        assertThat(count("SELECT count(*) FROM playbook_runs WHERE tenant_id = ? AND parent_run IS NULL"))
                .as("none is lost")
                .isEqualTo(begun.size());
        assertThat(vendor.done().values()).as("nothing is done twice").allMatch(times -> times == 1);
        var completed = actions("status = 'completed' AND action <> 'task'").stream()
                .map(Asked::id)
                .toList();
        assertThat(vendor.done().keySet()).as("what is completed was done").containsAll(completed);
        var undone = actions("status IN ('failed', 'refused', 'expired', 'withdrawn') AND action <> 'task'").stream()
                .map(Asked::id)
                .toList();
        assertThat(vendor.done().keySet()).as("what was not done was not").doesNotContainAnyElementsOf(undone);
        assertThat(count("SELECT count(*) FROM playbook_runs r WHERE tenant_id = ? AND changes <> (SELECT count(*)"
                        + " FROM playbook_steps s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.run_id)"))
                .as("the history is whole")
                .isZero();
        assertThat(count("SELECT count(*) FROM (SELECT run_id, visit FROM playbook_steps WHERE tenant_id = ?"
                        + " GROUP BY run_id, visit HAVING count(*) FILTER (WHERE status <> 'running') <> 1) x"))
                .as("every step that was begun has ended once")
                .isZero();
    }
}
