package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicates;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says why a rule fits an event: the evidence beside an alert. Has scratch memory; one thread. */
public final class Explain {
    /** More than this nobody reads. */
    private static final int MAX_MATCHES = 64;

    private static final int MAX_VALUE = 4096;

    /** How many rules' comparisons are kept compiled. */
    private static final int MAX_KNOWN = 256;

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

    /** A comparison that holds, by its place among a rule's predicates. */
    private record Held(String selection, Selection.Test test, int index) {}

    private final Map<SigmaRule, CompiledPredicates> known = new IdentityHashMap<>();
    private @Nullable EventBatch alone;

    /** Every comparison that held, in selections that hold, as the rule writes them; empty when the rule does not fit. */
    public List<Match> explain(SigmaRule rule, EventBatch batch, int row) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        var parts = known.computeIfAbsent(rule, Explain::parts);
        parts.open(batch, row);
        if (!parts.test(0)) {
            return List.of();
        }
        var held = new ArrayList<Held>();
        int index = 1;
        for (Selection selection : rule.selections()) {
            boolean holds = parts.test(index++);
            for (Selection.Test test : selection.tests()) {
                if (holds && held.size() < MAX_MATCHES && parts.test(index)) {
                    held.add(new Held(selection.name(), test, index));
                }
                index++;
            }
        }
        var matches = new ArrayList<Match>(held.size());
        held.forEach(one -> matches.add(match(one.selection, one.test, parts, one.index, batch, row)));
        return matches;
    }

    /** First the rule itself, then each selection with its tests. */
    private static CompiledPredicates parts(SigmaRule rule) {
        var predicates = new ArrayList<Predicate>();
        predicates.add(rule.predicate());
        for (Selection selection : rule.selections()) {
            predicates.add(selection.predicate());
            selection.tests().forEach(test -> predicates.add(test.predicate()));
        }
        return CompiledPredicates.of(predicates);
    }

    /** The value that the comparison is true of; null when it is about something absent. */
    static RuleTrace.@Nullable Seen found(Selection.Test test, EventBatch batch, int row) {
        var match = new Explain().match("", test, CompiledPredicates.of(List.of(test.predicate())), 0, batch, row);
        return match.slot == null || match.value == null
                ? null
                : new RuleTrace.Seen(match.slot, RuleTrace.shortened(match.value));
    }

    private Match match(
            String selection, Selection.Test test, CompiledPredicates parts, int index, EventBatch batch, int row) {
        boolean anywhere = test.slots().contains(Predicate.VALUES);
        for (int e = batch.first(row); e < batch.end(row); e++) {
            var field = Field.byId(batch.field(e));
            if (batch.type(e) == EventBatch.NULL || !anywhere && !test.slots().contains(field)) {
                continue;
            }
            parts.open(isolated(batch, row, e, anywhere ? null : test.slots()), 0);
            if (parts.test(index)) {
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
    private EventBatch isolated(EventBatch batch, int row, int entry, @Nullable List<Field> slots) {
        var single = alone;
        if (single == null || !single.tenant().equals(batch.tenant())) {
            single = new EventBatch(batch.tenant(), 1, 64, 4096);
            alone = single;
        }
        single.clear();
        single.beginRow(new EventId(0, 0), batch.received(row), -1, batch.origin(row));
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (e == entry || slots != null && !slots.contains(Field.byId(batch.field(e)))) {
                int at = single.put(batch.arena(), batch.offset(e), batch.length(e));
                single.add(batch.field(e), at, batch.length(e), batch.type(e));
            }
        }
        single.endRow();
        return single;
    }
}
