package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.Input;
import io.marsad.connect.manifest.Operation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what manifests describe. A call blocks until its outcome is known, within the time limits of the way out for each
 * request and at most ten seconds of waiting between them. Thread-safe.
 */
public final class ConnectorEngine {
    private final Transport transport;
    private final InstantSource clock;
    private final Pause pause;
    private final RandomGenerator jitter;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    /** @param jitter thread-safe; makes the waits of many callers differ */
    public ConnectorEngine(OutboundHttp http, InstantSource clock, Pause pause, RandomGenerator jitter) {
        this(
                (Transport)
                        message -> http.exchange(message.method(), message.uri(), message.headers(), message.body()),
                clock,
                pause,
                jitter);
    }

    /** Over another way out: for replays of recorded exchanges only. */
    public static ConnectorEngine replaying(Transport transport, InstantSource clock) {
        return new ConnectorEngine(transport, clock, time -> {}, () -> 0);
    }

    private ConnectorEngine(Transport transport, InstantSource clock, Pause pause, RandomGenerator jitter) {
        this.transport = transport;
        this.clock = clock;
        this.pause = pause;
        this.jitter = jitter;
    }

    /**
     * Calls an operation.
     *
     * @param idempotencyKey the same when the same act is asked for again, and never for another
     */
    public Outcome call(
            Connection connection, String operation, ObjectNode parameters, String idempotencyKey, Mode mode) {
        var manifest = connection.manifest();
        var found = manifest.operation(operation);
        var faults = new ArrayList<String>();
        if (found == null) {
            return refused(List.of(manifest.name() + " has no operation '" + operation + "'; it has "
                    + new ArrayList<>(manifest.operations().keySet())));
        }
        var config = Input.complete(manifest.config(), connection.config(), faults);
        var given = Input.complete(found.parameters(), parameters, faults);
        if (!faults.isEmpty()) {
            return refused(faults);
        }
        boolean simulated = mode == Mode.SIMULATED;
        if (!simulated) {
            manifest.secrets().values().stream()
                    .filter(secret -> secret.required() && connection.secrets().get(secret.name()) == null)
                    .forEach(secret -> faults.add("the secret '" + secret.name() + "' is not set: " + secret.find()));
            if (!faults.isEmpty()) {
                return refused(faults);
            }
        }
        var scope = new Scope(config, given, connection.secrets(), idempotencyKey, simulated);
        if (simulated) {
            return new Simulation(connection, found, scope).outcome();
        }
        return new Run(this, connection, found, scope).outcome();
    }

    /** Asks whether what an operation did is so, with what it was called with and what it gave. */
    public Verification verify(Connection connection, String operation, ObjectNode parameters, ObjectNode outputs) {
        var found = connection.manifest().operation(operation);
        var follow = found == null ? null : found.verify();
        if (found == null || follow == null) {
            return new Verification.Unable(refused(List.of(operation + " has nothing that verifies it")));
        }
        try {
            var scope = after(connection, found, parameters, outputs);
            var rendering = new Rendering(scope);
            var outcome = call(connection, follow.operation(), parameters(follow, rendering), "verify", Mode.LIVE);
            if (!(outcome instanceof Outcome.Succeeded succeeded)) {
                return new Verification.Unable(outcome);
            }
            return new Reading(rendering).holds(follow.expect(), succeeded.outputs())
                    ? new Verification.Confirmed()
                    : new Verification.NotSo("it is not so: " + follow.operation() + " says "
                            + connection.secrets().masked(succeeded.outputs().toString()));
        } catch (Refusal e) {
            return new Verification.Unable(refused(List.of(String.valueOf(e.getMessage()))));
        }
    }

    /** What undoes a call, with what it was called with and what it gave. */
    public Optional<Outcome.Call> rollback(
            Connection connection, String operation, ObjectNode parameters, ObjectNode outputs) {
        var found = connection.manifest().operation(operation);
        if (found == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(following(found.rollback(), after(connection, found, parameters, outputs)));
    }

    /** Forgets limits and tokens of a connection that is no more. */
    public void forget(String connection) {
        accounts.remove(connection);
    }

    static Outcome.@Nullable Call following(Operation.@Nullable Follow follow, Scope scope) {
        if (follow == null) {
            return null;
        }
        try {
            return new Outcome.Call(follow.operation(), parameters(follow, new Rendering(scope)));
        } catch (Refusal e) {
            return null; // what it needs is not there: nothing undoes this
        }
    }

    private static ObjectNode parameters(Operation.Follow follow, Rendering rendering) throws Refusal {
        var parameters = JsonNodeFactory.instance.objectNode();
        for (var entry : follow.parameters().entrySet()) {
            var value = rendering.tree(entry.getValue());
            if (value == null) {
                throw new Refusal("'" + entry.getKey() + "' of " + follow.operation() + " has no value");
            }
            parameters.set(entry.getKey(), value);
        }
        return parameters;
    }

    private static Scope after(Connection connection, Operation operation, ObjectNode given, ObjectNode outputs) {
        var none = new ArrayList<String>();
        var scope = new Scope(
                Input.complete(connection.manifest().config(), connection.config(), none),
                Input.complete(operation.parameters(), given, none),
                connection.secrets(),
                "",
                false);
        scope.outputs(outputs);
        return scope;
    }

    private static Outcome refused(List<String> reasons) {
        return new Outcome.Refused(String.join("; ", reasons), null, "", List.of());
    }

    Account account(Connection connection) {
        return accounts.computeIfAbsent(
                connection.id(), id -> new Account(connection.manifest().limits(), clock.instant()));
    }

    Transport transport() {
        return transport;
    }

    InstantSource clock() {
        return clock;
    }

    Pause pause() {
        return pause;
    }

    RandomGenerator jitter() {
        return jitter;
    }
}
