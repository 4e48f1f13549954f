package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.Mandates;
import io.marsad.wire.CanonicalJson;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Lets only through what was signed as it is now: an action whose row was changed after it was agreed to is not done. That
 * it is done once only is the row's to know, which is marked before. Thread-safe.
 */
public final class VerifiedOnly implements ActionProvider {
    /** So long a key that was taken away may still be good. */
    private static final Duration KNOWN = Duration.ofSeconds(10);

    private static final int MOST_KNOWN = 10_000;

    private final Database database;
    private final ActionKeys keys;
    private final ActionProvider next;
    private final InstantSource clock;
    private final Map<TenantId, Known> known = new ConcurrentHashMap<>();

    /** The keys of a tenant. @param until when they are read again */
    private record Known(List<Verifier.TrustedKey> keys, Instant until) {}

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

    @Override
    public boolean answers(String action) {
        return next.answers(action);
    }

    /** It was signed in the transaction that this is a part of: nobody can have changed it since. */
    @Override
    public Result.@Nullable Completed answer(Order order) {
        return order.envelope() == null ? null : next.answer(order);
    }

    private @Nullable String fault(Order order) {
        var envelope = order.envelope();
        if (envelope == null) {
            return "it is not signed";
        }
        try {
            var action = accepted(order.tenant(), envelope);
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

    /** A key that is not known may have been made since the keys were read. */
    private SignedAction accepted(TenantId tenant, String envelope) throws EnvelopeRefused {
        var now = clock.instant();
        var kept = known.get(tenant);
        if (kept != null && now.isBefore(kept.until())) {
            try {
                return accepted(tenant, envelope, kept.keys());
            } catch (EnvelopeRefused e) {
                if (e.reason() != EnvelopeRefused.Reason.UNTRUSTED) {
                    throw e;
                }
            }
        }
        var read = database.inTenant(tenant, connection -> keys.trusted(connection, tenant));
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(tenant, new Known(read, now.plus(KNOWN)));
        return accepted(tenant, envelope, read);
    }

    private SignedAction accepted(TenantId tenant, String envelope, List<Verifier.TrustedKey> trusted)
            throws EnvelopeRefused {
        return new Verifier(tenant.value(), Mandates.PLATFORM, trusted, (action, until) -> true, clock)
                .accept(envelope);
    }
}
