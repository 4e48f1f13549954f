package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.Mandates;
import io.marsad.wire.CanonicalJson;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.Verifier;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Lets only through what was signed as it is now: an action whose row was changed after it was agreed to is not done. That
 * it is done once only is the row's to know, which is marked before. Thread-safe.
 */
public final class VerifiedOnly implements ActionProvider {
    private final Database database;
    private final ActionKeys keys;
    private final ActionProvider next;
    private final InstantSource clock;

    public VerifiedOnly(Database database, ActionKeys keys, ActionProvider next, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.next = next;
        this.clock = clock;
    }

    @Override
    public Result perform(Order order) {
        var fault = order.simulated() ? null : fault(order);
        return fault == null ? next.perform(order) : new Result.Failed(fault, false);
    }

    @Override
    public Result settle(Order order) {
        var fault = order.simulated() ? null : fault(order);
        return fault == null
                ? next.settle(order)
                : new Result.Unknown("it was begun, and then: " + fault + "; whether it was done is not known");
    }

    private @Nullable String fault(Order order) {
        var envelope = order.envelope();
        if (envelope == null) {
            return "it is not signed";
        }
        var trusted = database.inTenant(order.tenant(), connection -> keys.trusted(connection, order.tenant()));
        try {
            var verifier =
                    new Verifier(order.tenant().value(), Mandates.PLATFORM, trusted, (action, until) -> true, clock);
            var action = verifier.accept(envelope);
            var parameters = JsonNodeFactory.instance.objectNode();
            order.parameters().forEach(parameters::set);
            boolean same = action.id().equals(order.id())
                    && action.nonce().equals(order.id())
                    && action.action().equals(order.action())
                    && action.parameters().equals(CanonicalJson.write(parameters));
            return same ? null : "it is not what was signed: somebody changed it";
        } catch (EnvelopeRefused e) {
            return "its signature is refused: " + e.getMessage();
        }
    }
}
