package io.marsad.respond.provide;

import io.marsad.connect.run.Outcome;
import io.marsad.connect.run.Verification;
import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.durable.Verifications;
import io.marsad.respond.durable.Verifications.Seen;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks whoever carried an action out whether it is so. Thread-safe. */
public final class VerificationFollower implements Follower {
    private final Database database;
    private final Connections connections;
    private final InstantSource clock;

    public VerificationFollower(Database database, Connections connections, InstantSource clock) {
        this.database = database;
        this.connections = connections;
        this.clock = clock;
    }

    /** Who is asked; nobody when it was not a connection, or it is no more. */
    private record Asking(CallRows.@Nullable Call call, Connections.@Nullable Open open) {}

    /** What was seen. */
    private record Look(Seen seen, @Nullable String detail) {}

    @Override
    public void follow(Claim claim) {
        for (var item : claim.items()) {
            var look = look(claim.tenant(), item.subject());
            var now = now();
            database.inTenant(claim.tenant(), connection -> {
                if (look != null) {
                    var turn = new Turn(connection, claim.tenant(), now);
                    Verifications.take(turn, item.subject(), look.seen, look.detail);
                }
                claim.of(java.util.List.of(item)).done(connection);
                return true;
            });
        }
    }

    private @Nullable Look look(TenantId tenant, UUID action) {
        var now = now();
        var asking = database.<@Nullable Asking>inTenant(tenant, connection -> {
            if (!Verifications.isPending(new Turn(connection, tenant, now), action)) {
                return null;
            }
            var call = CallRows.find(connection, tenant, action);
            var of = call == null ? null : call.connection();
            return new Asking(call, of == null ? null : connections.open(connection, tenant, of));
        });
        if (asking == null) {
            return null;
        }
        var call = asking.call;
        var open = asking.open;
        if (call == null || open == null) {
            return new Look(Seen.UNABLE, "the connection that did it is no more");
        }
        var outputs = call.outputs() == null ? JsonNodeFactory.instance.objectNode() : call.outputs();
        var verification = connections.engine().verify(open.account(), call.operation(), call.parameters(), outputs);
        return switch (verification) {
            case Verification.Confirmed _ -> new Look(Seen.CONFIRMED, open.shown() + " says that it is so");
            case Verification.NotSo notSo -> new Look(Seen.NOT_SO, open.shown() + ": " + notSo.reason());
            case Verification.Unable unable -> new Look(Seen.UNABLE, open.shown() + ": " + why(unable.outcome()));
        };
    }

    private static String why(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused refused -> refused.reason();
            case Outcome.Temporary temporary -> temporary.reason();
            case Outcome.Unknown unknown -> unknown.reason();
            case Outcome.Succeeded _, Outcome.Simulated _ -> "it could not be asked";
        };
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
