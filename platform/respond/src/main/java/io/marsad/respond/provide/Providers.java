package io.marsad.respond.provide;

import io.marsad.connect.manifest.Operation;
import io.marsad.connect.run.Mode;
import io.marsad.connect.run.Outcome;
import io.marsad.connect.run.Verification;
import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.durable.ActionProvider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does actions: what the platform does itself, or the tenant's connection that carries it out; of several the one that is
 * first by name. Where there is none, the action fails and says so. Who does it is written down before it is begun, so that
 * a platform that died asks the same one what became of it. Thread-safe.
 */
public final class Providers implements ActionProvider {
    private final Database database;
    private final Catalogue catalogue;
    private final Connections connections;
    private final List<Own> own;
    private final InstantSource clock;

    /** What the platform does itself. Thread-safe. */
    public interface Own {
        /** Whether it is its. */
        boolean does(String action);

        /** Whether this one is, too: there may be some that only somebody else can do. */
        default boolean takes(Order order) {
            return true;
        }

        /** Whether a connection of the tenant goes before it. */
        default boolean yields(String action) {
            return false;
        }

        /** Whether the tenant has what it takes; in a transaction of the tenant. */
        default boolean ready(java.sql.Connection connection, TenantId tenant, String action)
                throws java.sql.SQLException {
            return true;
        }

        /** Does it; what has been done for this order is not done again. */
        Result perform(Order order);

        /** As {@link ActionProvider#answers}. */
        default boolean answers(String action) {
            return false;
        }

        /** As {@link ActionProvider#answer}. */
        default Result.@Nullable Completed answer(Order order) {
            return null;
        }

        /** The platform died after it was begun, or before. */
        default Result settle(Order order) {
            return perform(order);
        }

        /** What would be done, in words. */
        default String would(Order order) {
            return "Marsad would do this itself: " + order.action() + " " + order.parameters();
        }
    }

    public Providers(
            Database database, Catalogue catalogue, Connections connections, List<Own> own, InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.connections = connections;
        this.own = List.copyOf(own);
        this.clock = clock;
    }

    /** Who does it, and why that one. */
    private record Chosen(Connections.Open open, Operation operation, Parameters parameters, String carriedBy) {}

    /** A call of a connection. */
    private record Calling(Order order, ActionKind kind, Connections.Open open, Operation operation, String note) {}

    @Override
    public Result perform(Order order) {
        var kind = catalogue.find(order.action()).orElse(null);
        if (kind == null) {
            return new Result.Failed("there is no action '" + order.action() + "'", false);
        }
        var mine = own.stream()
                .filter(one -> one.does(order.action()) && one.takes(order))
                .findFirst()
                .orElse(null);
        if (mine != null && !mine.yields(order.action())) {
            return order.simulated() ? new Result.Simulated(mine.would(order)) : mine.perform(order);
        }
        var now = Instant.ofEpochMilli(clock.millis());
        var chosen = database.<@Nullable Chosen>inTenant(order.tenant(), connection -> {
            var one = choose(connection, order, kind);
            if (one != null && !order.simulated()) {
                var call = new CallRows.Call(one.open.kept().id(), one.operation.name(), one.parameters.values(), null);
                CallRows.begin(connection, order.tenant(), order.id(), call, one.open.shown(), now);
            }
            return one;
        });
        if (chosen == null) {
            if (mine != null) {
                return order.simulated() ? new Result.Simulated(mine.would(order)) : mine.perform(order);
            }
            return new Result.Failed(nobody(kind, order), false);
        }
        var calling = new Calling(order, kind, chosen.open, chosen.operation, chosen.carriedBy);
        return call(calling, chosen.parameters.values(), order.simulated() ? Mode.SIMULATED : Mode.LIVE);
    }

    @Override
    public boolean answers(String action) {
        return catalogue.find(action).isPresent() && own.stream().anyMatch(one -> one.answers(action));
    }

    @Override
    public Result.@Nullable Completed answer(Order order) {
        return own.stream()
                .filter(one -> one.answers(order.action()))
                .findFirst()
                .map(one -> one.answer(order))
                .orElse(null);
    }

    @Override
    public Result settle(Order order) {
        var kind = catalogue.find(order.action()).orElse(null);
        var call = database.<CallRows.@Nullable Call>inTenant(
                order.tenant(), connection -> CallRows.find(connection, order.tenant(), order.id()));
        if (kind == null || call == null) {
            return perform(order); // it was not begun
        }
        if (call.connection() == null) {
            return own.stream()
                    .filter(one -> one.does(order.action()))
                    .findFirst()
                    .<Result>map(one -> one.settle(order))
                    .orElseGet(() -> new Result.Unknown("it was interrupted; whether it was done is not known"));
        }
        var id = Objects.requireNonNull(call.connection());
        var open = database.<Connections.@Nullable Open>inTenant(
                order.tenant(), connection -> connections.open(connection, order.tenant(), id));
        var operation = open == null ? null : open.account().manifest().operation(call.operation());
        if (open == null || operation == null) {
            return new Result.Unknown(
                    "it was begun over a connection that is no more; whether it was done is not known");
        }
        var calling = new Calling(order, kind, open, operation, open.shown() + ", after an interruption");
        var outputs = call.outputs();
        if (outputs != null) {
            return completed(calling, outputs);
        }
        if (!operation.writes() || !(operation.idempotency() instanceof Operation.Twice)) {
            return call(calling, call.parameters(), Mode.LIVE);
        }
        return asked(calling, call.parameters());
    }

    /** What cannot be repeated is looked at, where something shows whether it was done. */
    private Result asked(Calling calling, ObjectNode parameters) {
        var nothing = JsonNodeFactory.instance.objectNode();
        var operation = calling.operation;
        if (operation.verify() == null) {
            return new Result.Unknown("it was interrupted when " + calling.open.shown()
                    + " was asked, and asking again could do it twice; nothing shows whether it was done");
        }
        var verification = connections.engine().verify(calling.open.account(), operation.name(), parameters, nothing);
        return switch (verification) {
            case Verification.Confirmed _ -> {
                keep(calling, nothing);
                yield completed(calling, nothing);
            }
            case Verification.NotSo notSo ->
                new Result.Failed("it was interrupted, and was not done: " + notSo.reason(), false);
            case Verification.Unable unable ->
                new Result.Unknown(
                        "it was interrupted, asking again could do it twice, and whether it was done could not"
                                + " be found out: " + reason(unable.outcome()));
        };
    }

    private @Nullable Chosen choose(java.sql.Connection connection, Order order, ActionKind kind)
            throws java.sql.SQLException {
        var back = back(connection, order);
        if (back != null) {
            return back;
        }
        var carriers = connections.carriers(connection, order.tenant(), order.action());
        if (carriers.isEmpty()) {
            return null;
        }
        var first = carriers.getFirst();
        var open = Objects.requireNonNull(connections.open(connection, order.tenant(), first.id()));
        var operation = open.account().manifest().operations().values().stream()
                .filter(one -> order.action().equals(one.action()))
                .findFirst()
                .orElseThrow();
        var parameters = Parameters.of(kind, order.parameters(), operation);
        var said = new ArrayList<String>();
        said.add("carried out by " + open.shown());
        if (carriers.size() > 1) {
            said.add("it is the first by name of "
                    + carriers.stream().map(one -> one.content().name()).collect(Collectors.joining(", ")));
        }
        if (!parameters.left().isEmpty()) {
            said.add("which knows nothing of " + String.join(", ", parameters.left()));
        }
        return new Chosen(open, operation, parameters, String.join("; ", said));
    }

    /** What takes an action back is asked of whoever did it, with what that gave; null: it takes nothing back, or cannot. */
    private @Nullable Chosen back(java.sql.Connection connection, Order order) throws java.sql.SQLException {
        var first = CallRows.reversed(connection, order.tenant(), order.id());
        var of = first == null ? null : first.connection();
        var open = of == null ? null : connections.open(connection, order.tenant(), of);
        var given = first == null ? null : first.outputs();
        if (first == null
                || open == null
                || given == null
                || !open.kept().content().enabled()) {
            return null;
        }
        var call = connections.engine().rollback(open.account(), first.operation(), first.parameters(), given);
        var operation = call.map(one -> open.account().manifest().operation(one.operation()))
                .orElse(null);
        if (operation == null || !order.action().equals(operation.action())) {
            return null;
        }
        var parameters = new Parameters(call.orElseThrow().parameters(), List.of());
        return new Chosen(open, operation, parameters, "carried out by " + open.shown() + ", which did it");
    }

    private String nobody(ActionKind kind, Order order) {
        var could = connections.connectors().all().stream()
                .filter(manifest -> manifest.operations().values().stream()
                        .anyMatch(operation -> kind.name().equals(operation.action())))
                .map(manifest -> manifest.title())
                .toList();
        var here = own.stream().anyMatch(one -> one.does(order.action()))
                ? "no host is named on which an agent runs, and nothing else"
                : "nothing";
        return here + " carries out " + kind.name() + ": "
                + (could.isEmpty()
                        ? "it needs the endpoint agents, or a connector that this version does not have"
                        : "connect one of " + String.join(", ", could) + " under Settings, Connectors");
    }

    private Result call(Calling calling, ObjectNode parameters, Mode mode) {
        var key = calling.order.id().toString();
        var outcome =
                connections.engine().call(calling.open.account(), calling.operation.name(), parameters, key, mode);
        return switch (outcome) {
            case Outcome.Succeeded succeeded -> {
                keep(calling, succeeded.outputs());
                yield completed(calling, succeeded.outputs());
            }
            case Outcome.Refused refused -> new Result.Failed(calling.open.shown() + ": " + reason(refused), false);
            case Outcome.Temporary temporary
            when temporary.maybe() ->
                new Result.Unknown(calling.open.shown() + ": " + reason(temporary) + "; it may have been done");
            case Outcome.Temporary temporary ->
                new Result.Failed(calling.open.shown() + ": " + reason(temporary), true);
            case Outcome.Unknown unknown -> new Result.Unknown(calling.open.shown() + ": " + reason(unknown));
            case Outcome.Simulated simulated ->
                new Result.Simulated(calling.note + "; would send "
                        + simulated.requests().stream()
                                .map(one -> one.method() + " " + one.url())
                                .collect(Collectors.joining(", ")));
        };
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused refused -> with(refused.reason(), refused.done());
            case Outcome.Temporary temporary -> with(temporary.reason(), temporary.done());
            case Outcome.Unknown unknown -> with(unknown.reason(), unknown.done());
            case Outcome.Succeeded _ -> "it was done";
            case Outcome.Simulated _ -> "nothing was sent";
        };
    }

    private static String with(String reason, List<String> done) {
        return done.isEmpty() ? reason : reason + "; done before: " + String.join(", ", done);
    }

    private void keep(Calling calling, ObjectNode outputs) {
        var order = calling.order;
        database.inTenant(order.tenant(), connection -> {
            CallRows.done(connection, order.tenant(), order.id(), outputs);
            return true;
        });
    }

    private static Result completed(Calling calling, ObjectNode given) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        for (var name : calling.kind.outputs().keySet()) {
            var value = given.get(name);
            if (value == null && outputs.isEmpty()) { // what it made, which products call by another name
                value = given.has("id")
                        ? given.get("id")
                        : given.size() == 1 ? given.iterator().next() : null;
            }
            outputs.put(name, text(value));
        }
        return new Result.Completed(outputs, calling.note, calling.operation.verify() != null);
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.isString() ? value.stringValue() : value.toString();
    }

    /** Who carries each action out, for people, the one that does it first; in a transaction of the tenant. */
    public Map<String, List<String>> carriedBy(java.sql.Connection connection, TenantId tenant)
            throws java.sql.SQLException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (var one : connections.enabled(connection, tenant)) {
            for (var action : connections.actions(one)) {
                all.computeIfAbsent(action, _ -> new ArrayList<>())
                        .add(connections.connectors().shown(one));
            }
        }
        for (var kind : catalogue.all()) {
            for (var one : own) {
                if (one.does(kind.name()) && one.ready(connection, tenant, kind.name())) {
                    var before = all.computeIfAbsent(kind.name(), _ -> new ArrayList<>());
                    before.add(one.yields(kind.name()) ? before.size() : 0, "Marsad");
                }
            }
        }
        return all;
    }
}
