package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.host.Agents;
import io.marsad.respond.host.HostOrders;
import io.marsad.respond.host.HostOrders.Kept;
import io.marsad.respond.sign.HostMandates;
import io.marsad.wire.EnvelopeRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Has actions done by the agent that runs on the host: signed for that host, and done only when the agent has said so and
 * shown its proof. An agent that is away does it when it comes back, within half a day. Thread-safe.
 */
public final class OnHosts implements Providers.Own {
    private static final Set<String> ACTIONS = Set.of(
            "isolate_host",
            "release_host",
            "kill_process",
            "quarantine_file",
            "restore_file",
            "block_ip",
            "allow_ip",
            "disable_user",
            "enable_user",
            "collect_triage_package",
            "run_endpoint_query",
            "run_script");
    /** These are done elsewhere, too, and for more than one host: where one is named it is meant. */
    private static final Set<String> OF_ONE_HOST = Set.of("block_ip", "allow_ip", "disable_user", "enable_user");

    private static final Duration LIFE = Duration.ofHours(12); // what the platform signs is good for a day
    private static final Duration OF_QUESTIONS = Duration.ofMinutes(10);
    private static final Duration LAST_WORD = Duration.ofHours(1);
    private static final Duration LIVELY = Duration.ofMinutes(15);

    private final Database database;
    private final Catalogue catalogue;
    private final Agents agents;
    private final HostOrders orders;
    private final HostMandates mandates;
    private final InstantSource clock;

    public OnHosts(
            Database database,
            Catalogue catalogue,
            Agents agents,
            HostOrders orders,
            HostMandates mandates,
            InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.agents = agents;
        this.orders = orders;
        this.mandates = mandates;
        this.clock = clock;
    }

    @Override
    public boolean does(String action) {
        return ACTIONS.contains(action);
    }

    /** A host on which no agent runs is somebody else's to act on. */
    @Override
    public boolean takes(Order order) {
        var host = host(order);
        return !host.isEmpty()
                && (OF_ONE_HOST.contains(order.action())
                        || database.<Boolean>inTenant(
                                order.tenant(),
                                connection -> !agents.named(connection, order.tenant(), host)
                                        .isEmpty()));
    }

    @Override
    public boolean ready(Connection connection, TenantId tenant, String action) throws SQLException {
        return agents.any(connection, tenant);
    }

    @Override
    public String would(Order order) {
        return "The agent on " + host(order) + " would be told: " + order.action() + " " + order.parameters();
    }

    @Override
    public Result perform(Order order) {
        var now = clock.instant();
        return database.inTenant(order.tenant(), connection -> {
            CallRows.lock(connection, order.id());
            var kept = orders.find(connection, order.tenant(), order.id());
            return kept == null ? tell(connection, order, now) : outcome(order, kept, now);
        });
    }

    private Result tell(Connection connection, Order order, Instant now) throws SQLException {
        var found = agents.named(connection, order.tenant(), host(order));
        var lively = found.stream()
                .filter(one -> one.seen().isAfter(now.minus(LIVELY)))
                .toList();
        var meant = found.size() == 1 ? found : lively;
        var agreed = order.envelope();
        if (meant.size() != 1 || agreed == null) {
            return new Result.Failed(agreed == null ? "it is not signed" : which(order, found), false);
        }
        var agent = meant.getFirst();
        var life = order.action().equals("run_endpoint_query") ? OF_QUESTIONS : LIFE;
        try {
            var signed = mandates.sign(connection, order.tenant(), agreed, agent.id(), life);
            orders.put(
                    connection,
                    order.tenant(),
                    new HostOrders.Order(
                            order.id(), agent.id(), agent.hostname(), signed.envelope(), signed.expires()));
            var parameters = JsonNodeFactory.instance.objectNode();
            order.parameters().forEach(parameters::set);
            var call = new CallRows.Call(null, order.action(), parameters, null);
            CallRows.begin(connection, order.tenant(), order.id(), call, "the agent on " + agent.hostname(), now);
            return new Result.Later(signed.expires());
        } catch (EnvelopeRefused e) {
            return new Result.Failed("it is not signed for the host: " + e.getMessage(), false);
        }
    }

    private static String which(Order order, List<Agents.Agent> found) {
        return found.isEmpty()
                ? "no agent runs on " + host(order)
                : "more than one host is called " + host(order) + ": say which one by its id, of "
                        + found.stream().map(one -> one.id().toString()).collect(Collectors.joining(", "));
    }

    private Result outcome(Order order, Kept kept, Instant now) {
        var name = kept.order().hostname();
        var expires = kept.order().expires();
        return switch (kept.state()) {
            case COMPLETED -> new Result.Completed(outputs(order, kept), note(kept), false);
            case FAILED -> new Result.Failed("the agent on " + name + ": " + kept.reason(), false);
            case REFUSED -> new Result.Failed("the agent on " + name + " refused it: " + kept.reason(), false);
            case UNKNOWN -> new Result.Unknown("the agent on " + name + ": " + kept.reason());
            case WAITING ->
                now.isBefore(expires.plus(LAST_WORD))
                        ? new Result.Later(now.isBefore(expires) ? expires : expires.plus(LAST_WORD))
                        : new Result.Failed(
                                "the agent on " + name + " was not heard in time, and will not do it", false);
            case BEGUN ->
                now.isBefore(expires.plus(LAST_WORD))
                        ? new Result.Later(expires.plus(LAST_WORD))
                        : new Result.Unknown("the agent on " + name + " began it and has not said what came of it");
        };
    }

    private static String note(Kept kept) {
        return "the agent on " + kept.order().hostname() + " says so"
                + (kept.proofHash().isEmpty() ? "" : "; proof " + kept.proofHash());
    }

    /** Those that the catalogue knows. */
    private Map<String, @Nullable String> outputs(Order order, Kept kept) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        catalogue
                .find(order.action())
                .ifPresent(kind -> kind.outputs()
                        .keySet()
                        .forEach(name -> outputs.put(name, kept.outputs().get(name))));
        return outputs;
    }

    private static String host(Order order) {
        var host = order.parameters().get("host");
        return host == null ? "" : host.asString("").strip();
    }
}
