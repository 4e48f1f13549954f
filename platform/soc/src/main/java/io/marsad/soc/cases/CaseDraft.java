package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.cases.CaseAct.Apart;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Move;
import io.marsad.soc.cases.CaseAct.Shift;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An act that is being made. */
final class CaseDraft {
    final List<Move> moves = new ArrayList<>();
    final List<Shift> shifts = new ArrayList<>();
    final Set<Apart> parted = new LinkedHashSet<>();
    final Set<Apart> joined = new LinkedHashSet<>();
    private final Kind kind;
    private final EventId kase;
    private @Nullable EventId undoes;

    CaseDraft(Kind kind, EventId kase) {
        this.kind = kind;
        this.kase = kase;
    }

    CaseDraft shift(Shift shift) {
        shifts.add(shift);
        return this;
    }

    CaseDraft undoes(CaseAct act) {
        undoes = act.id();
        return this;
    }

    CaseDraft moves(List<EventId> alerts, EventId to) {
        alerts.forEach(alert -> move(alert, null, to));
        return this;
    }

    void move(EventId alert, @Nullable EventId from, @Nullable EventId to) {
        moves.add(new Move(alert, from, to));
    }

    void part(Apart pair) {
        parted.add(pair);
        joined.remove(pair);
    }

    void join(Apart pair) {
        joined.add(pair);
        parted.remove(pair);
    }

    CaseAct act(EventId id) {
        return new CaseAct(id, kind, kase, moves, shifts, List.copyOf(parted), List.copyOf(joined), undoes);
    }
}
