package io.marsad.respond.durable;

import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.sign.Mandates;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has what only reads the platform's own data answered in the transaction that asks for it: a way through the outbox and
 * back, with two transactions more, would tell it nothing else. It is asked for, signed, kept and audited as any action is.
 * For one transaction; not thread-safe.
 */
final class Answers {
    /** The runs of a pass are locked while it lasts: what comes later goes the longer way. */
    private static final Duration MOST = Duration.ofMillis(500);

    private final Turn turn;
    private final ActionProvider provider;
    private final Mandates.@Nullable Pen pen;
    private final long until = System.nanoTime() + MOST.toNanos();

    /** @param mandates signs what is done; null: nobody does */
    Answers(Turn turn, ActionProvider provider, @Nullable Mandates mandates) {
        this.turn = turn;
        this.provider = provider;
        this.pen = mandates == null ? null : mandates.pen(turn.connection(), turn.tenant(), turn.now());
    }

    /** What was done at once. */
    record Answer(Mandates.@Nullable Signed signed, Result.Completed completed) {}

    /** @return null: it goes through the outbox */
    @Nullable
    Answer answer(ActionRows.Row row) throws SQLException {
        if (row.consent() != Consent.AUTOMATIC
                || row.of() == null
                || !provider.answers(row.action())
                || System.nanoTime() - until > 0) {
            return null;
        }
        var signed = pen == null ? null : pen.sign(Agreed.mandate(row, row.parameters()));
        var order = new Order(
                turn.tenant(),
                row.id(),
                row.action(),
                row.parameterMap(),
                false,
                signed == null ? null : signed.envelope());
        var completed = provider.answer(order);
        return completed == null ? null : new Answer(signed, completed);
    }
}
