package io.marsad.respond.connection;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.connect.run.Mode;
import io.marsad.connect.run.Outcome;
import io.marsad.connect.run.Secrets;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The connections of the tenant of the running {@link CallerScope}; every change, test and call by hand is in its audit log.
 * Calls go out when no transaction is open. Thread-safe.
 */
public final class Connections {
    /** The most that a tenant has. */
    public static final int MOST = 100;

    private static final int MOST_NAME = 100;

    private final Database database;
    private final ConnectionVault vault;
    private final Connectors connectors;
    private final ConnectionChecks checks;
    private final Out out;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** The way out. */
    public record Out(ConnectorEngine engine, OutboundGuard guard) {}

    public Connections(
            Database database,
            Vault vault,
            Connectors connectors,
            Out out,
            InstantSource clock,
            RandomGenerator random) {
        this.database = database;
        this.vault = new ConnectionVault(vault);
        this.connectors = connectors;
        this.checks = new ConnectionChecks(connectors, out.guard());
        this.out = out;
        this.clock = clock;
        this.random = random;
    }

    /** What came of a test. @param problem null: it works */
    public record Tested(@Nullable String problem, Duration took) {}

    /** One that can be called. */
    public record Open(TenantConnection kept, io.marsad.connect.run.Connection account) {
        /** As people call it. */
        public String shown() {
            return account.manifest().title() + " (" + kept.content().name() + ")";
        }
    }

    public Connectors connectors() {
        return connectors;
    }

    public ConnectorEngine engine() {
        return out.engine();
    }

    /** By name. */
    public List<TenantConnection> list() {
        return database.inCallerTenant(connection -> list(connection, tenant()));
    }

    /** Names of the actions that it carries out. */
    public List<String> actions(TenantConnection one) {
        var manifest = connectors.find(one.content().connector());
        return manifest == null ? List.of() : actions(manifest);
    }

    private static List<String> actions(Manifest manifest) {
        return manifest.operations().values().stream()
                .map(operation -> operation.action())
                .filter(java.util.Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }

    /** Connections that are switched on and carry an action out, by name; in a transaction of the tenant. */
    public List<TenantConnection> carriers(Connection connection, TenantId tenant, String action) throws SQLException {
        return enabled(connection, tenant).stream()
                .filter(one -> actions(one).contains(action))
                .toList();
    }

    /** Those of a connector that are switched on, with their secrets; in a transaction of the tenant. */
    public List<Open> enabled(Connection connection, TenantId tenant, String connector) throws SQLException {
        var all = new ArrayList<Open>();
        var manifest = connectors.find(connector);
        for (var one : list(connection, tenant)) {
            if (manifest != null
                    && one.content().enabled()
                    && one.content().connector().equals(connector)) {
                all.add(open(tenant, one, manifest, vault.read(connection, tenant, one)));
            }
        }
        return all;
    }

    /** Those that are switched on, by name; in a transaction of the tenant. */
    public List<TenantConnection> enabled(Connection connection, TenantId tenant) throws SQLException {
        return list(connection, tenant).stream()
                .filter(one -> one.content().enabled())
                .toList();
    }

    /** With its secrets; null when it, or its connector, is no more. */
    public @Nullable Open open(Connection connection, TenantId tenant, EventId id) throws SQLException {
        for (var one : list(connection, tenant)) {
            var manifest = connectors.find(one.content().connector());
            if (one.id().equals(id) && manifest != null) {
                return open(tenant, one, manifest, vault.read(connection, tenant, one));
            }
        }
        return null;
    }

    private static Open open(TenantId tenant, TenantConnection kept, Manifest manifest, Secrets secrets) {
        var account = tenant.value() + "/" + kept.id();
        return new Open(
                kept,
                new io.marsad.connect.run.Connection(
                        account, manifest, kept.content().config(), secrets));
    }

    private List<TenantConnection> list(Connection connection, TenantId tenant) throws SQLException {
        return ConnectionRows.list(connection, tenant, vault.names(connection, tenant));
    }

    /**
     * @param secrets by name; empty ones are left out
     * @throws ProblemException 400 {@code invalid-connection}; 409 {@code name-taken}, {@code too-many-connections}
     */
    public TenantConnection create(TenantConnection.Content wanted, Map<String, String> secrets) {
        var now = now();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        return database.inCallerTenant(connection -> {
            var all = list(connection, tenant());
            if (all.size() >= MOST) {
                throw Problem.conflict("too-many-connections", "There are " + MOST + " connections already.")
                        .asException();
            }
            return put(connection, all, new Draft(id, wanted, secrets, null), now);
        });
    }

    /**
     * Puts the content in the place of what there was; its connector stays.
     *
     * @param secrets by name: those that are not there stay as they are, empty ones are forgotten
     * @throws ProblemException as {@link #create}; 404; 400 {@code secrets-required} when its settings change and a secret
     *     would go where it was not given for
     */
    public TenantConnection update(EventId id, TenantConnection.Content wanted, Map<String, String> secrets) {
        var now = now();
        return database.inCallerTenant(connection -> {
            var all = list(connection, tenant());
            var before = existing(all, id);
            if (!before.content().connector().equals(wanted.connector())) {
                throw ConnectionChecks.invalid("A connection stays with its connector: make another one.");
            }
            ConnectionChecks.requireSecrets(before, wanted, secrets);
            var after = put(connection, all, new Draft(id, wanted, secrets, before), now);
            out.engine().forget(tenant().value() + "/" + id);
            return after;
        });
    }

    /** @throws ProblemException 404 */
    public void delete(EventId id) {
        var now = now();
        database.inCallerTenant(connection -> {
            var before = existing(list(connection, tenant()), id);
            vault.forget(connection, tenant(), before);
            ConnectionRows.delete(connection, tenant(), id);
            audit(connection, now, "connection.delete", before.id().toString(), words(before.content(), "forgotten"));
            return true;
        });
        out.engine().forget(tenant().value() + "/" + id);
    }

    /** Asks the product whether what is kept is good. @throws ProblemException 404 */
    public Tested test(EventId id) {
        var now = now();
        var tenant = tenant();
        var open = database.<Open>inCallerTenant(connection -> {
            var one = opened(connection, id);
            var words = words(one.kept().content(), "as they were");
            audit(connection, now, "connection.test", id.toString(), words);
            return one;
        });
        var tested = test(open.account());
        database.inTenant(tenant, connection -> {
            ConnectionRows.tested(connection, tenant, open.kept(), tested.problem(), now());
            return true;
        });
        return tested;
    }

    /**
     * Asks the product whether what is not kept yet is good.
     *
     * @param of one whose secrets are taken where none is given; null: none
     * @throws ProblemException as {@link #update}
     */
    public Tested tryOut(TenantConnection.Content wanted, Map<String, String> secrets, @Nullable EventId of) {
        var now = now();
        var tenant = tenant();
        var manifest = checks.check(wanted, secrets);
        var values = new HashMap<String, String>();
        database.inCallerTenant(connection -> {
            if (of != null) {
                var before = existing(list(connection, tenant), of);
                if (!before.content().connector().equals(wanted.connector())) {
                    throw ConnectionChecks.invalid("That is a connection of another connector.");
                }
                ConnectionChecks.requireSecrets(before, wanted, secrets);
                values.putAll(vault.values(connection, tenant, before));
            }
            audit(connection, now, "connector.test", wanted.connector(), words(wanted, "not kept"));
            return true;
        });
        values.putAll(secrets);
        values.values().removeIf(String::isBlank);
        var account = tenant.value() + "/trial-" + EventId.atTime(now.toEpochMilli(), random.nextLong(), 0);
        try {
            return test(new io.marsad.connect.run.Connection(account, manifest, wanted.config(), new Secrets(values)));
        } finally {
            out.engine().forget(account);
        }
    }

    private Tested test(io.marsad.connect.run.Connection account) {
        long from = clock.millis();
        var outcome = out.engine()
                .call(account, account.manifest().test(), JsonNodeFactory.instance.objectNode(), "test", Mode.LIVE);
        var problem = switch (outcome) {
            case Outcome.Succeeded _ -> null;
            case Outcome.Refused refused -> refused.reason();
            case Outcome.Temporary temporary -> temporary.reason();
            case Outcome.Unknown unknown -> unknown.reason();
            case Outcome.Simulated _ -> "nothing was asked";
        };
        return new Tested(problem, Duration.ofMillis(Math.max(0, clock.millis() - from)));
    }

    /**
     * Calls an operation by hand, once.
     *
     * @throws ProblemException 404; 400 {@code no-such-operation}
     */
    public Outcome execute(EventId id, String operation, ObjectNode parameters, boolean simulate) {
        var now = now();
        var open = database.<Open>inCallerTenant(connection -> {
            var one = opened(connection, id);
            if (one.account().manifest().operation(operation) == null) {
                throw Problem.badRequest(
                                "no-such-operation",
                                one.account().manifest().title() + " has no operation '" + operation + "'.")
                        .asException();
            }
            if (!simulate && !one.kept().content().enabled()) {
                throw Problem.conflict("switched-off", "The connection is switched off.")
                        .asException();
            }
            var words = AuditLog.detail(
                    connection,
                    "name",
                    one.kept().content().name(),
                    "operation",
                    operation,
                    "parameters_hash",
                    io.marsad.wire.SignedAction.hash(io.marsad.wire.CanonicalJson.write(parameters)),
                    "simulated",
                    Boolean.toString(simulate));
            audit(connection, now, "connection.execute", id.toString(), words);
            return one;
        });
        var key = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        return out.engine()
                .call(open.account(), operation, parameters, key.toString(), simulate ? Mode.SIMULATED : Mode.LIVE);
    }

    private Open opened(Connection connection, EventId id) throws SQLException {
        var one = open(connection, tenant(), id);
        if (one == null) {
            throw Problem.notFound("There is no such connection.").asException();
        }
        return one;
    }

    /** What is about to be kept. @param before null when it is new */
    private record Draft(
            EventId id,
            TenantConnection.Content content,
            Map<String, String> secrets,
            @Nullable TenantConnection before) {}

    private TenantConnection put(Connection connection, List<TenantConnection> all, Draft draft, Instant now)
            throws SQLException {
        var wanted = draft.content;
        checks.check(wanted, draft.secrets);
        var name = wanted.name().strip();
        if (name.isEmpty() || name.length() > MOST_NAME) {
            throw ConnectionChecks.invalid("A connection has a name of 1 to " + MOST_NAME + " characters.");
        }
        if (all.stream()
                .anyMatch(one ->
                        !one.id().equals(draft.id) && one.content().name().equalsIgnoreCase(name))) {
            throw Problem.conflict("name-taken", "There is a connection '" + name + "' already.")
                    .asException();
        }
        var content = new TenantConnection.Content(wanted.connector(), name, wanted.config(), wanted.enabled());
        boolean same = draft.secrets.isEmpty()
                && draft.before != null
                && draft.before.content().config().equals(content.config());
        ConnectionRows.put(connection, tenant(), draft.id, content, same, now);
        for (var secret : draft.secrets.entrySet()) {
            vault.put(connection, tenant(), draft.id, secret.getKey(), secret.getValue());
        }
        var changed = draft.secrets.isEmpty() ? "as they were" : "changed: " + String.join(" ", draft.secrets.keySet());
        var action = "connection." + (draft.before == null ? "create" : "update");
        audit(connection, now, action, draft.id.toString(), words(content, changed));
        return existing(list(connection, tenant()), draft.id);
    }

    private static TenantConnection existing(List<TenantConnection> all, EventId id) {
        return all.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> Problem.notFound("There is no such connection.").asException());
    }

    private static List<String> words(TenantConnection.Content content, String secrets) {
        return List.of(
                "connector",
                content.connector(),
                "name",
                content.name(),
                "config",
                content.config().toString(),
                "enabled",
                Boolean.toString(content.enabled()),
                "secrets",
                secrets);
    }

    private static void audit(Connection connection, Instant now, String action, String target, List<String> words)
            throws SQLException {
        audit(connection, now, action, target, AuditLog.detail(connection, words.toArray(String[]::new)));
    }

    private static void audit(Connection connection, Instant now, String action, String target, String detail)
            throws SQLException {
        var object = action.startsWith("connector.") ? "connector:" : "connection:";
        AuditLog.append(
                connection,
                tenant(),
                new AuditLog.Entry(now, CallerScope.current().subject(), action, object + target, detail));
    }

    private static TenantId tenant() {
        return CallerScope.tenant();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
