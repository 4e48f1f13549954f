package io.marsad.respond.dry;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.dry.DryRun.Assumed;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.Approvals;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.durable.Runs;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.trial.PlaybookFolder;
import io.marsad.respond.variable.Variable;
import io.marsad.respond.variable.VariableType;
import io.marsad.testkit.DueItems;
import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a dry run goes the way that a real run went: shipped playbooks with random values, where vendors fail, people
 * refuse and fill in what they like. The dry run is told what came of what it cannot know (people and what is done
 * outside); what it reads it has to ask itself.
 */
class PredictionTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");
    private static final int CASES = Integer.getInteger("marsad.dryRuns", 64);

    private final TestClock clock = new TestClock("2026-11-22T08:00:00Z");
    private final Catalogue catalogue = Catalogue.standard();
    private final PlaybookReader reader = new PlaybookReader(catalogue);
    private final PlaybookShelf shelf = new PlaybookShelf(reader);
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final SplittableRandom random = Seed.of("PredictionTest").random();
    private final Map<UUID, Playbook> playbooks = new LinkedHashMap<>();
    private final World world = new World(random.nextLong());

    /** Everybody else. Questions have the same answer whoever asks; what changes something comes out as it likes. */
    private final class World implements ActionProvider, Inside {
        private final long seed;
        private final Map<UUID, Result> results = new LinkedHashMap<>();
        private boolean reachable = true;

        World(long seed) {
            this.seed = seed;
        }

        @Override
        public synchronized Result perform(Order order) {
            assertThat(reachable).as("a dry run has no way out").isTrue();
            var kind = catalogue.find(order.action()).orElseThrow();
            var result = kind.effect() == ActionKind.Effect.READ
                    ? answer(kind, order.parameters())
                    : random.nextInt(8) == 0
                            ? new Result.Failed("no", random.nextBoolean())
                            : new Result.Completed(new LinkedHashMap<>(outputs(kind, random)));
            results.put(order.id(), result);
            return result;
        }

        private Result answer(ActionKind kind, Map<String, JsonNode> parameters) {
            var chance = new SplittableRandom(seed ^ kind.name().hashCode() ^ parameters.hashCode());
            return chance.nextInt(8) == 0
                    ? new Result.Failed("nobody answers", false)
                    : new Result.Completed(new LinkedHashMap<>(outputs(kind, chance)));
        }

        @Override
        public Result settle(Order order) {
            return perform(order);
        }

        @Override
        public Read read(String action, Map<String, JsonNode> parameters) {
            return switch (answer(catalogue.find(action).orElseThrow(), parameters)) {
                case Result.Failed failed -> new Read(Map.of(), failed.reason());
                case Result.Completed completed -> new Read(new LinkedHashMap<>(completed.outputs()), null);
                case Result.Simulated _, Result.Unknown _, Result.Later _ -> throw new AssertionError();
            };
        }

        @Override
        public Would would(String action, Map<String, JsonNode> parameters) {
            return new Would("somebody", null, null);
        }
    }

    private static Map<String, @Nullable String> outputs(ActionKind kind, SplittableRandom chance) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        kind.outputs().forEach((name, type) -> outputs.put(name, sample(type, chance)));
        return outputs;
    }

    private static String sample(VariableType type, SplittableRandom random) {
        return switch (type) {
            case BOOL -> random.nextBoolean() ? "true" : "false";
            case INTEGER, LONG -> String.valueOf(random.nextInt(3) * 7);
            case FLOAT -> random.nextBoolean() ? "0.95" : "0.1";
            case STRING ->
                List.of("malicious", "benign", "yes", "no", "unknown", "contain", "completed")
                        .get(random.nextInt(7));
            case DICTIONARY -> "{}";
            case LIST -> "[]";
            case IPV4 -> "192.0.2." + random.nextInt(256);
            case IPV6 -> "2001:db8::1";
            case MAC -> "00:11:22:33:44:55";
            case HASH, HEXSTRING, SHA256 -> "ab".repeat(32);
            case MD5 -> "ab".repeat(16);
            case URI -> "https://example.org/x";
            case UUID -> new UUID(random.nextLong(), random.nextLong()).toString();
        };
    }

    /** A run that has been, or will be. */
    private record Case(UUID run, Playbook playbook, Map<String, @Nullable String> given) {}

    @Test
    void aDryRunGoesTheWayThatARealRunWent() throws Exception {
        shelve();
        var cases = begin();
        work();
        world.reachable = false;
        int right = 0;
        int steps = 0;
        var wrong = new ArrayList<String>();
        for (var one : cases) {
            var dry = DryRun.run(
                    new DryRun.Wanted(one.playbook, new LinkedHashMap<>(one.given), outcomes(one.run), clock.instant()),
                    catalogue,
                    world,
                    household());
            var predicted = ordered(
                    one,
                    dry.steps().stream()
                            .map(step -> step.step() + " " + step.status())
                            .toList());
            var real = ordered(one, path(one.run));
            steps += real.size();
            if (predicted.equals(real)) {
                right++;
            } else {
                wrong.add(one.playbook.name() + "\n  real      " + real + "\n  predicted " + predicted);
            }
        }
        System.out.println("dry runs that went the way of the real run: " + right + " of " + cases.size() + ", " + steps
                + " steps");
        assertThat(right).as(String.join("\n", wrong)).isGreaterThanOrEqualTo((CASES * 99 + 99) / 100);
    }

    /** Branches that are gone at the same time have no order. */
    private static List<String> ordered(Case one, List<String> path) {
        return one.playbook.workflow().values().stream().anyMatch(Step.Parallel.class::isInstance)
                ? path.stream().sorted().toList()
                : path;
    }

    private Household household() {
        return new Household() {
            @Override
            public ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast) {
                return ActionPolicy.standard().decide(new ActionPolicy.Request(kind, target, false, atLeast));
            }

            @Override
            public @Nullable Playbook called(UUID playbook, @Nullable String modified) {
                return playbooks.get(playbook);
            }
        };
    }

    private void shelve() throws Exception {
        for (var entry : PlaybookFolder.read(SHIPPED, reader)) {
            var source = Files.readString(entry.file());
            var version = database.inTenant(tenant, connection -> {
                try {
                    return shelf.put(turn(connection), source, "user:ann");
                } catch (ContentException e) {
                    throw new AssertionError(e);
                }
            });
            playbooks.put(version.playbook(), Objects.requireNonNull(entry.playbook()));
        }
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, tenant, clock.instant());
    }

    private List<Case> begin() {
        var ids = new ArrayList<>(playbooks.keySet());
        var cases = new ArrayList<Case>();
        for (int i = 0; i < CASES; i++) {
            var id = ids.get(i % ids.size());
            var playbook = Objects.requireNonNull(playbooks.get(id));
            Map<String, @Nullable String> given = new LinkedHashMap<>();
            playbook.variables().values().stream()
                    .filter(Variable::external)
                    .filter(_ -> random.nextInt(12) != 0)
                    .forEach(variable -> given.put(variable.name(), sample(variable.type(), random)));
            var one = new Case(new UUID(random.nextLong(), random.nextLong()), playbook, given);
            var wanted = new Runs.Wanted(one.run, id, "user:ann", null, given);
            database.inTenant(tenant, connection -> new Runs(shelf).begin(turn(connection), wanted));
            cases.add(one);
        }
        return cases;
    }

    private void work() throws Exception {
        var requests = new ActionRequests(catalogue, new ActionRequests.Policies() {
            @Override
            public ActionPolicy of(Turn turn) {
                return ActionPolicy.standard();
            }

            @Override
            public boolean isCrownJewel(Turn turn, String kind, String target) {
                return false;
            }
        });
        var runs = new RunFollower(database, shelf, requests, clock);
        var actions = new ActionFollower(database, world, clock);
        while (!rows("SELECT 1 FROM playbook_runs WHERE tenant_id = ? AND status = 'running' LIMIT 1", _ -> 1)
                .isEmpty()) {
            boolean worked = follow(Runs.QUEUE, runs) | follow(ActionRequests.QUEUE, actions);
            if (!worked && !people()) {
                var next = rows(
                                "SELECT min(next_at) FROM outbox WHERE tenant_id = ? AND queue IN ('playbook-runs', 'actions')",
                                row -> row.getTimestamp(1).toInstant())
                        .getFirst();
                clock.advance(Duration.between(clock.instant(), next).plusMillis(1));
            }
        }
    }

    private boolean follow(String queue, Follower follower) throws Exception {
        var claim = DueItems.claim(database, tenant, queue, clock.instant(), 1_000);
        if (!claim.items().isEmpty()) {
            follower.follow(claim);
        }
        return !claim.items().isEmpty();
    }

    private record Waiting(UUID id, String action, String hash, String parameters) {}

    /** They agree, refuse, and do what is theirs. */
    private boolean people() {
        var all = rows(
                "SELECT action_id, action, parameters_hash, parameters::text FROM actions WHERE tenant_id = ?"
                        + " AND status = 'awaiting_approval' ORDER BY requested_at, action_id",
                row -> new Waiting(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4)));
        for (var one : all) {
            database.inTenant(tenant, connection -> {
                if (one.action.equals("task")) {
                    return Approvals.answer(
                            turn(connection),
                            one.id,
                            "user:bob",
                            random.nextInt(8) == 0 ? null : filled(one),
                            "by hand");
                }
                boolean agrees = random.nextInt(8) != 0;
                for (var who : List.of("user:bob", "user:eve")) {
                    Approvals.say(turn(connection), new Approvals.Word(one.id, who, agrees, one.hash, null));
                }
                return true;
            });
        }
        return !all.isEmpty();
    }

    private Map<String, @Nullable String> filled(Waiting task) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (var name : JsonMapper.shared().readTree(task.parameters).path("asks_for")) {
            playbooks.values().stream()
                    .map(playbook -> playbook.variables().get(name.stringValue()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(variable -> values.put(variable.name(), sample(variable.type(), random)));
        }
        return values;
    }

    private List<String> path(UUID run) {
        return rows(
                "SELECT step, status FROM playbook_steps WHERE tenant_id = ? AND status <> 'running' AND run_id = '"
                        + run + "' ORDER BY visit",
                row -> row.getString(1) + " " + row.getString(2).toUpperCase(java.util.Locale.ROOT));
    }

    /** What came of what a dry run cannot know, of the run and of those that it called. */
    private Map<String, List<Assumed>> outcomes(UUID run) {
        Map<String, List<Assumed>> outcomes = new LinkedHashMap<>();
        var all = rows(
                "WITH RECURSIVE tree (run_id) AS (VALUES ('" + run + "'::uuid) UNION ALL SELECT r.run_id FROM tree"
                        + " JOIN playbook_runs r ON r.parent_run = tree.run_id)"
                        + " SELECT a.step, a.action, a.status, a.outcome::text, a.reason, a.action_id FROM tree"
                        + " JOIN actions a ON a.run_id = tree.run_id WHERE a.tenant_id = ? AND a.status <> 'withdrawn'"
                        + " ORDER BY a.requested_at, a.visit, a.attempt",
                row -> new String[] {
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6)
                });
        for (var row : all) {
            var kind = catalogue.find(row[1]).orElse(null);
            if (kind != null && kind.effect() == ActionKind.Effect.READ) {
                continue;
            }
            Map<String, @Nullable String> outputs = new LinkedHashMap<>();
            if (row[2].equals("completed")) {
                JsonMapper.shared()
                        .readTree(row[3])
                        .path("outputs")
                        .properties()
                        .forEach(entry -> outputs.put(
                                entry.getKey(),
                                entry.getValue().isNull()
                                        ? null
                                        : entry.getValue().asString()));
            }
            boolean again = world.results.get(UUID.fromString(row[5])) instanceof ActionProvider.Result.Failed failed
                    && failed.again();
            outcomes.computeIfAbsent(row[0], _ -> new ArrayList<>())
                    .add(new Assumed(
                            new LinkedHashMap<>(outputs),
                            row[2].equals("completed") ? null : String.valueOf(row[4]),
                            again));
        }
        return outcomes;
    }

    /** Of a row. */
    private interface Reading<T> {
        T read(java.sql.ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Reading<T> reading) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<T>();
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(reading.read(rows));
                    }
                }
            }
            return all;
        });
    }
}
