package io.marsad.respond.durable;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.db.outbox.Outbox;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.run.RunEvent;
import io.marsad.respond.sign.Mandates;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Has actions done. That one is begun is written down before it is; what was begun and has no outcome when it comes up
 * again was begun by a platform that died, and is not begun a second time but settled. Thread-safe.
 */
public final class ActionFollower implements Follower {
    private final Database database;
    private final ActionProvider provider;
    private final InstantSource clock;
    private final @Nullable Mandates mandates;

    /** Nothing is signed. */
    public ActionFollower(Database database, ActionProvider provider, InstantSource clock) {
        this(database, provider, null, clock);
    }

    /** @param mandates signs what is begun; null: nobody does */
    public ActionFollower(
            Database database, ActionProvider provider, @Nullable Mandates mandates, InstantSource clock) {
        this.database = database;
        this.provider = provider;
        this.mandates = mandates;
        this.clock = clock;
    }

    /** @param again whether it was begun before */
    private record Begun(
            ActionRows.Row row,
            Claim claim,
            boolean again,
            @Nullable String envelope) {}

    @Override
    public void follow(Claim claim) throws InterruptedException, ExecutionException {
        var begun = begin(claim);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) { // a slow one holds up no other
            var running = new ArrayList<Future<?>>();
            begun.forEach(one -> running.add(threads.submit(() -> perform(one))));
            for (var one : running) {
                one.get();
            }
        }
    }

    /** What is to be done now; what is not to be done any more is out of the outbox. */
    private List<Begun> begin(Claim claim) {
        var now = now();
        return database.inTenant(claim.tenant(), connection -> {
            var turn = new Turn(connection, claim.tenant(), now);
            var begun = new ArrayList<Begun>();
            var settled = new ArrayList<>(claim.items());
            for (var row : ActionRows.lock(turn, claim.subjects())) {
                var items = claim.items().stream()
                        .filter(item -> item.subject().equals(row.id()))
                        .toList();
                if (row.status() == ActionStatus.REQUESTED || row.status() == ActionStatus.DISPATCHED) {
                    boolean again = row.status() == ActionStatus.DISPATCHED;
                    var fault = again || mandates == null ? null : Agreed.sign(turn, row, mandates);
                    if (fault != null) {
                        end(turn, row, ActionStatus.REFUSED, fault, null);
                        continue;
                    }
                    begun.add(new Begun(row, claim.of(items), again, Agreed.envelope(turn, row.id())));
                    settled.removeAll(items);
                } else if (isExpired(row, now)) {
                    end(turn, row, ActionStatus.EXPIRED, "nobody agreed in time", null);
                }
            }
            ActionRows.dispatched(
                    turn, begun.stream().map(one -> one.row().id()).toList());
            claim.of(settled).done(connection);
            return begun;
        });
    }

    private static boolean isExpired(ActionRows.Row row, Instant now) {
        var expires = row.expiresAt();
        return row.status() == ActionStatus.AWAITING_APPROVAL && expires != null && !now.isBefore(expires);
    }

    private void perform(Begun begun) {
        var row = begun.row();
        var tenant = begun.claim().tenant();
        var order = new Order(tenant, row.id(), row.action(), row.parameterMap(), false, begun.envelope());
        var result = begun.again() ? provider.settle(order) : provider.perform(order);
        var now = now();
        database.inTenant(tenant, connection -> {
            var turn = new Turn(connection, tenant, now);
            switch (result) {
                case Result.Completed completed -> {
                    end(turn, row, ActionStatus.COMPLETED, completed.note(), completed.outputs());
                    if (completed.verifiable()) {
                        Verifications.begin(turn, row.id());
                    } else {
                        Reversals.done(turn, row.id(), null);
                    }
                }
                case Result.Simulated simulated -> end(turn, row, ActionStatus.SIMULATED, simulated.would(), Map.of());
                case Result.Failed failed -> {
                    ActionRows.settled(turn, row.id(), ActionStatus.FAILED, failed.reason(), null);
                    told(turn, row, failed(row, failed.reason(), failed.again()));
                    audit(turn, row, ActionStatus.FAILED, failed.reason());
                    Reversals.failed(turn, row.id(), failed.reason());
                }
                case Result.Unknown unknown -> { // the run waits until a person has said what came of it
                    ActionRows.settled(turn, row.id(), ActionStatus.UNKNOWN, unknown.reason(), null);
                    audit(turn, row, ActionStatus.UNKNOWN, unknown.reason());
                    Reversals.failed(turn, row.id(), "nobody knows whether it was done: " + unknown.reason());
                }
            }
            begun.claim().done(connection);
            return true;
        });
    }

    /** @param outputs null: it was not done */
    static void end(
            Turn turn,
            ActionRows.Row row,
            ActionStatus status,
            @Nullable String reason,
            @Nullable Map<String, @Nullable String> outputs)
            throws SQLException {
        var outcome = outputs == null
                ? null
                : JsonNodeFactory.instance
                        .objectNode()
                        .set("outputs", EventJson.outputs(outputs))
                        .toString();
        ActionRows.settled(turn, row.id(), status, reason, outcome);
        told(turn, row, outputs == null ? failed(row, status.word() + ": " + reason, false) : done(row, outputs));
        audit(turn, row, status, reason);
    }

    private static @Nullable RunEvent failed(ActionRows.Row row, String reason, boolean again) {
        var of = row.of();
        return of == null ? null : new RunEvent.Failed(of.visit(), of.attempt(), reason, again);
    }

    private static @Nullable RunEvent done(ActionRows.Row row, Map<String, @Nullable String> outputs) {
        var of = row.of();
        return of == null ? null : new RunEvent.Done(of.visit(), of.attempt(), outputs);
    }

    private static void told(Turn turn, ActionRows.Row row, @Nullable RunEvent event) throws SQLException {
        var of = row.of();
        if (of != null && event != null) {
            RunRows.putEvent(turn, of.run(), event);
            Outbox.put(turn.connection(), turn.tenant(), turn.now(), List.of(Runs.QUEUE), List.of(of.run()));
        }
    }

    private static void audit(Turn turn, ActionRows.Row row, ActionStatus status, @Nullable String reason)
            throws SQLException {
        var detail = AuditLog.detail(
                turn.connection(),
                "action",
                row.action(),
                "status",
                status.word(),
                "reason",
                reason,
                "parameters_hash",
                row.hash());
        AuditLog.append(
                turn.connection(),
                turn.tenant(),
                new AuditLog.Entry(
                        turn.now(), row.requestedBy(), "action." + status.word(), "action:" + row.id(), detail));
        LiveNews.action(turn, row.id());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
