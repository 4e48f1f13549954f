package io.marsad.respond.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.trial.PlaybookFolder;
import io.marsad.testkit.SharedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Shipped playbooks of a tenant, their runs, and people who do what is asked of them at random. */
final class ManyRuns {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");

    final Database database = SharedDatabase.database();
    final TenantId tenant = SharedDatabase.newTenant();
    final Catalogue catalogue = Catalogue.standard();
    final PlaybookShelf shelf = new PlaybookShelf(new PlaybookReader(catalogue));
    private final Runs runs = new Runs(shelf);
    private final InstantSource clock;
    /** What changes nothing, and is mostly answered where it is asked for. */
    static final String READ = "look_up";

    private final SplittableRandom random;
    private final Map<UUID, Playbook> playbooks = new LinkedHashMap<>();
    private final List<UUID> begun = new ArrayList<>();

    ManyRuns(InstantSource clock, SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** @param status of an action that waits for somebody */
    record Asked(UUID id, String action, String hash, String status, String parameters) {}

    void shelve() throws Exception {
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

    void begin(int many) {
        var ids = new ArrayList<>(playbooks.keySet());
        for (int i = 0; i < many; i++) {
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
    }

    Turn turn(Connection connection) {
        return new Turn(connection, tenant, clock.instant());
    }

    static ActionRequests requests(Catalogue catalogue) {
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

    /** People agree, refuse, and do what is theirs. @return whether there was something for them */
    boolean people(Predicate<UUID> wasDone) {
        var waiting = actions("status IN ('awaiting_approval', 'unknown')");
        for (var asked : waiting) {
            database.inTenant(tenant, connection -> {
                if (asked.status().equals("unknown")) { // whoever is asked looks
                    Map<String, @Nullable String> outputs = wasDone.test(asked.id()) ? Map.of() : null;
                    return Approvals.answer(turn(connection), asked.id(), "user:ann", outputs, "looked it up");
                }
                if (asked.action().equals(ActionRows.TASK)) {
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

    List<Asked> actions(String where) {
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

    boolean isEnded() {
        return count("SELECT count(*) FROM playbook_runs WHERE tenant_id = ? AND status = 'running'") == 0
                && count("SELECT count(*) FROM actions WHERE tenant_id = ? AND status IN ('requested', 'dispatched')")
                        == 0;
    }

    long count(String sql) {
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

    /** When something is due next for who goes on with runs and has actions done. */
    Instant next() {
        var next = database.<@Nullable Instant>inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT min(next_at) FROM outbox WHERE tenant_id = ?"
                    + " AND queue IN ('playbook-runs', 'actions')")) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    var at = rows.getTimestamp(1);
                    return at == null ? null : at.toInstant();
                }
            }
        });
        assertThat(next).as("a run waits for nothing").isNotNull();
        return Objects.requireNonNull(next);
    }

    /** @param done what the other side did, by key, and how often */
    void assertWhole(Map<UUID, Integer> done) {
        assertThat(isEnded()).as("none is stuck").isTrue();
        assertThat(count("SELECT count(*) FROM playbook_runs WHERE tenant_id = ? AND parent_run IS NULL"))
                .as("none is lost")
                .isEqualTo(begun.size());
        assertThat(done.values()).as("nothing is done twice").allMatch(times -> times == 1);
        var completed = actions("status = 'completed' AND action NOT IN ('task', '" + READ + "')").stream()
                .map(Asked::id)
                .toList();
        assertThat(done.keySet()).as("what is completed was done").containsAll(completed);
        var undone = actions("status IN ('failed', 'refused', 'expired', 'withdrawn') AND action <> 'task'").stream()
                .map(Asked::id)
                .toList();
        assertThat(done.keySet()).as("what was not done was not").doesNotContainAnyElementsOf(undone);
        assertThat(count("SELECT count(*) FROM playbook_runs r WHERE tenant_id = ? AND changes <> (SELECT count(*)"
                        + " FROM playbook_steps s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.run_id)"))
                .as("the history is whole")
                .isZero();
        assertThat(count("SELECT count(*) FROM (SELECT run_id, visit FROM playbook_steps WHERE tenant_id = ?"
                        + " GROUP BY run_id, visit HAVING count(*) FILTER (WHERE status <> 'running') <> 1) x"))
                .as("every step that was begun has ended once")
                .isZero();
        assertThat(count("SELECT count(*) FROM playbook_runs r JOIN outbox o ON o.tenant_id = r.tenant_id"
                        + " AND o.subject = r.run_id WHERE r.tenant_id = ?"
                        + " AND o.next_at >= r.started_at + interval '30 days'"))
                .as("nothing is left of what has ended")
                .isZero();
    }
}
