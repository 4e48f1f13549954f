package io.marsad.respond.durable;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.sign.Mandates;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has actions done. That one is begun is written down before it is; what was begun and has no outcome when it comes up
 * again was begun by a platform that died, and is not begun a second time but settled. Thread-safe.
 */
public final class ActionFollower implements Follower {
    /** So long an answer waits for others, to be written with them. */
    private static final Duration TOGETHER = Duration.ofMillis(5);

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
            TenantId tenant,
            ActionRows.Row row,
            List<Claim.Item> items,
            boolean again,
            @Nullable String envelope) {}

    /** What came of it; null: that it threw. */
    private record Answer(
            Begun begun, @Nullable Result result, @Nullable RuntimeException thrown) {}

    @Override
    public void follow(Claim claim) throws InterruptedException {
        var begun = begin(claim);
        var answers = new LinkedBlockingQueue<Answer>();
        RuntimeException thrown = null;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) { // a slow one holds up no other
            begun.forEach(one -> threads.execute(() -> answers.add(perform(one))));
            for (int left = begun.size(); left > 0; ) {
                var together = together(answers, left);
                left -= together.size();
                for (var answer : together) {
                    thrown = thrown == null ? answer.thrown() : thrown;
                }
                together.removeIf(answer -> answer.result() == null);
                end(claim, together);
            }
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    /** The next answer, and those that come right after it. */
    private static List<Answer> together(LinkedBlockingQueue<Answer> answers, int most) throws InterruptedException {
        var together = new ArrayList<Answer>();
        together.add(answers.take());
        long until = System.nanoTime() + TOGETHER.toNanos();
        while (together.size() < most) {
            var next = answers.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            together.add(next);
        }
        return together;
    }

    /** What is to be done now; what is not to be done any more is out of the outbox. */
    private List<Begun> begin(Claim claim) {
        var now = now();
        return database.inTenant(claim.tenant(), connection -> {
            var turn = new Turn(connection, claim.tenant(), now);
            var effects = new Effects(turn);
            var pen = mandates == null ? null : mandates.pen(connection, claim.tenant(), now);
            var begun = new ArrayList<Begun>();
            var dispatches = new ArrayList<ActionRows.Dispatch>();
            var over = new ArrayList<ActionRows.Settled>();
            var items = new ArrayList<>(claim.items());
            for (var row : ActionRows.lock(turn, claim.subjects())) {
                if (row.status() == ActionStatus.REQUESTED || row.status() == ActionStatus.DISPATCHED) {
                    boolean again = row.status() == ActionStatus.DISPATCHED;
                    var word = again || pen == null ? new Agreed.Word(null, null) : Agreed.sign(turn, row, pen);
                    if (word.fault() != null) {
                        over.add(Outcomes.ended(effects, row, ActionStatus.REFUSED, word.fault(), null));
                        continue;
                    }
                    var its = items.stream()
                            .filter(item -> item.subject().equals(row.id()))
                            .toList();
                    var signed = word.signed();
                    var envelope = signed == null ? Agreed.envelope(turn, row.id()) : signed.envelope();
                    begun.add(new Begun(claim.tenant(), row, its, again, envelope));
                    dispatches.add(new ActionRows.Dispatch(row.id(), signed));
                    items.removeAll(its);
                } else if (isExpired(row, now)) {
                    over.add(Outcomes.ended(effects, row, ActionStatus.EXPIRED, "nobody agreed in time", null));
                }
            }
            ActionRows.dispatched(turn, dispatches);
            ActionRows.settle(turn, over);
            effects.write();
            claim.of(items).done(connection);
            return begun;
        });
    }

    private static boolean isExpired(ActionRows.Row row, Instant now) {
        var expires = row.expiresAt();
        return row.status() == ActionStatus.AWAITING_APPROVAL && expires != null && !now.isBefore(expires);
    }

    private Answer perform(Begun begun) {
        var row = begun.row();
        try {
            var order = new Order(begun.tenant(), row.id(), row.action(), row.parameterMap(), false, begun.envelope());
            return new Answer(begun, begun.again() ? provider.settle(order) : provider.perform(order), null);
        } catch (RuntimeException e) {
            return new Answer(begun, null, e);
        }
    }

    /** Those that came together are written together. */
    private void end(Claim claim, List<Answer> answers) {
        if (answers.isEmpty()) {
            return;
        }
        var now = now();
        database.inTenant(claim.tenant(), connection -> {
            var turn = new Turn(connection, claim.tenant(), now);
            var effects = new Effects(turn);
            var settled = new ArrayList<ActionRows.Settled>();
            var items = new ArrayList<Claim.Item>();
            for (var answer : answers) {
                var row = answer.begun().row();
                switch (Objects.requireNonNull(answer.result())) {
                    case Result.Later later -> effects.due(ActionRequests.QUEUE, later.until(), row.id());
                    case Result.Known known -> settled.add(Outcomes.of(effects, row, known));
                }
                items.addAll(answer.begun().items());
            }
            ActionRows.settle(turn, settled);
            for (var answer : answers) {
                followUp(turn, answer.begun().row(), Objects.requireNonNull(answer.result()));
            }
            effects.write();
            claim.of(items).done(connection);
            return true;
        });
    }

    /** What was done is looked at afterwards; what it takes back hears of it. */
    private static void followUp(Turn turn, ActionRows.Row row, Result result) throws SQLException {
        boolean reverses = row.reverses() != null;
        switch (result) {
            case Result.Completed completed -> {
                if (completed.verifiable()) {
                    Verifications.begin(turn, row.id());
                } else if (reverses) {
                    Reversals.done(turn, row.id(), null);
                }
            }
            case Result.Simulated _, Result.Later _ -> {}
            case Result.Failed failed -> {
                if (reverses) {
                    Reversals.failed(turn, row.id(), failed.reason());
                }
            }
            case Result.Unknown unknown -> {
                if (reverses) {
                    Reversals.failed(turn, row.id(), "nobody knows whether it was done: " + unknown.reason());
                }
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
