package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says why a rule fits an event: the evidence beside an alert. Has scratch memory; one thread. */
public final class Explain {
    /** More than this nobody reads. */
    private static final int MAX_MATCHES = 64;

    private static final int MAX_VALUE = 4096;

    /**
     * A comparison that held.
     *
     * @param selection the rule's name for the part
     * @param field as the rule writes it; empty for keywords
     * @param slot where in the event the value was; null when the comparison is about something absent
     * @param value the event's; null when the comparison is about something absent
     * @param pattern as the rule writes it, modifiers before the value
     */
    public record Match(
            String selection,
            String field,
            @Nullable Field slot,
            @Nullable String value,
            String pattern) {}

    /** Every comparison that held, in selections that hold, as the rule writes them; empty when the rule does not fit. */
    public List<Match> explain(SigmaRule rule, EventBatch batch, int row) {
        var matches = new ArrayList<Match>();
        if (!holds(rule.predicate(), batch, row)) {
            return matches;
        }
        var single = new EventBatch(batch.tenant());
        for (Selection selection : rule.selections()) {
            if (!holds(selection.predicate(), batch, row)) {
                continue;
            }
            for (Selection.Test test : selection.tests()) {
                if (matches.size() < MAX_MATCHES && holds(test.predicate(), batch, row)) {
                    matches.add(match(selection.name(), test, batch, row, single));
                }
            }
        }
        return matches;
    }

    /** The value that the comparison is true of; null when it is about something absent. */
    static RuleTrace.@Nullable Seen found(Selection.Test test, EventBatch batch, int row) {
        var match = match("", test, batch, row, new EventBatch(batch.tenant(), 1, 8, 256));
        return match.slot == null || match.value == null
                ? null
                : new RuleTrace.Seen(match.slot, RuleTrace.shortened(match.value));
    }

    private static boolean holds(Predicate predicate, EventBatch batch, int row) {
        return CompiledPredicate.of(predicate).test(batch, row);
    }

    private static Match match(String selection, Selection.Test test, EventBatch batch, int row, EventBatch single) {
        var compiled = CompiledPredicate.of(test.predicate());
        boolean anywhere = test.slots().contains(Predicate.VALUES);
        for (int e = batch.first(row); e < batch.end(row); e++) {
            var field = Field.byId(batch.field(e));
            if (batch.type(e) == EventBatch.NULL || !anywhere && !test.slots().contains(field)) {
                continue;
            }
            isolate(batch, row, e, anywhere ? null : test.slots(), single);
            if (compiled.test(single, 0)) {
                var value = batch.text(e);
                return new Match(
                        selection,
                        test.field(),
                        field,
                        value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value,
                        test.pattern());
            }
        }
        return new Match(selection, test.field(), null, null, test.pattern());
    }

    /** The row with only one value in all of the slots, or with nothing but it when there are none. */
    private static void isolate(EventBatch batch, int row, int entry, @Nullable List<Field> slots, EventBatch single) {
        single.clear();
        single.beginRow(new EventId(0, 0), batch.received(row), -1, batch.origin(row));
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (e == entry || slots != null && !slots.contains(Field.byId(batch.field(e)))) {
                int at = single.put(batch.arena(), batch.offset(e), batch.length(e));
                single.add(batch.field(e), at, batch.length(e), batch.type(e));
            }
        }
        single.endRow();
    }
}
