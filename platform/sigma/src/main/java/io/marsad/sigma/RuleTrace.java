package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.match.CompiledPredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule fits an event or does not: every part of it with what it came to, and the values that were looked at.
 *
 * @param fires the whole rule fits, filters applied, whatever the log source
 * @param condition the condition and its parts
 * @param selections each selection with its fields and values
 * @param filters titles of the filters that take the event away
 */
public record RuleTrace(boolean fires, Step condition, List<Step> selections, List<String> filters) {
    /** More values of a field than these are not shown. */
    private static final int MAX_SEEN = 8;

    /** More values of a rule that do not fit than these are not shown. */
    private static final int MAX_MISSES = 12;

    private static final int MAX_VALUE = 1024;

    public RuleTrace {
        selections = List.copyOf(selections);
        filters = List.copyOf(filters);
    }

    /** What a step is. */
    public enum Kind {
        /** A condition or a part of one; {@link Step#text} as written. */
        CONDITION,
        /** A selection; {@link Step#text} is its name. */
        SELECTION,
        /** A map of which every key has to fit, or a list of which one item has to; {@link Step#text} says which. */
        GROUP,
        /** A field with its modifiers. */
        FIELD,
        /** A value of the rule. */
        VALUE,
        /** So many more values that do not fit, too. */
        MORE
    }

    /**
     * A part of the rule.
     *
     * @param parts of what it is made
     * @param seen of a value that fits: the event's value that it fits; of a field that does not: what the event has in
     *     it, nothing when the event does not have the field
     */
    public record Step(Kind kind, String text, boolean holds, List<Step> parts, List<Seen> seen) {
        public Step {
            parts = List.copyOf(parts);
            seen = List.copyOf(seen);
        }
    }

    /**
     * A value of the event.
     *
     * @param slot where it is
     * @param value its text, shortened; null when it is null
     */
    public record Seen(Field slot, @Nullable String value) {}

    /**
     * Traces a rule. Reads its text again, because a rule that runs keeps only what it needs for that.
     *
     * @param rules where the rule is from: its filters
     * @throws ContentException when the rule's own text cannot be read with this resolver and these lists
     */
    public static RuleTrace of(
            SigmaRule rule, RuleSet rules, FieldResolver fields, Placeholders lists, EventBatch batch, int row)
            throws ContentException {
        var parts = new SigmaReader(fields, lists.assuming()).parts(rule);
        var tracer = new Tracer(parts, batch, row);
        var condition = Condition.parse(
                rule.condition(),
                List.copyOf(parts.keySet()),
                rule.about().file(),
                rule.about().line());
        var top = tracer.condition(condition);
        var selections = new ArrayList<Step>();
        parts.forEach((name, part) ->
                selections.add(tracer.step(Kind.SELECTION, name, part.predicate(), List.of(tracer.part(part)))));
        var filters = new ArrayList<String>();
        for (SigmaFilter filter : rules.filters()) {
            if (top.holds && filter.appliesTo(rule) && tracer.holds(filter.predicate())) {
                filters.add(filter.title());
            }
        }
        return new RuleTrace(top.holds && filters.isEmpty(), top, selections, filters);
    }

    /** Looks at one event. */
    private record Tracer(Map<String, SelectionPart> parts, EventBatch batch, int row) {
        boolean holds(Predicate predicate) {
            return CompiledPredicate.of(predicate).test(batch, row);
        }

        Step step(Kind kind, String text, Predicate predicate, List<Step> steps) {
            return new Step(kind, text, holds(predicate), steps, List.of());
        }

        Step condition(Condition condition) {
            var steps = new ArrayList<Step>();
            switch (condition) {
                case Condition.All(List<Condition> of) -> of.forEach(c -> steps.add(condition(c)));
                case Condition.Any(List<Condition> of) -> of.forEach(c -> steps.add(condition(c)));
                case Condition.Not(Condition of) -> steps.add(condition(of));
                case Condition.Several several ->
                    several.selections().forEach(name -> steps.add(condition(new Condition.Named(name))));
                case Condition.Named _ -> {}
            }
            var predicates = new java.util.LinkedHashMap<String, Predicate>();
            parts.forEach((name, part) -> predicates.put(name, part.predicate()));
            return step(Kind.CONDITION, condition.text(), condition.predicate(predicates), steps);
        }

        Step part(SelectionPart part) {
            return switch (part) {
                case SelectionPart.Group group ->
                    step(
                            Kind.GROUP,
                            group.all() ? "all of" : "one of",
                            group.predicate(),
                            group.parts().stream().map(this::part).toList());
                case SelectionPart.Item item -> field(item);
            };
        }

        private Step field(SelectionPart.Item item) {
            var values = new ArrayList<Step>();
            int missed = 0;
            for (Selection.Test test : item.tests()) {
                boolean holds = holds(test.predicate());
                if (!holds && ++missed > MAX_MISSES) {
                    continue;
                }
                var found = holds && !item.not() ? Explain.found(test, batch, row) : null;
                values.add(new Step(
                        Kind.VALUE, test.pattern(), holds, List.of(), found == null ? List.of() : List.of(found)));
            }
            if (missed > MAX_MISSES) {
                int more = missed - MAX_MISSES;
                values.add(new Step(Kind.MORE, more + " more", false, List.of(), List.of()));
            }
            boolean holds = holds(item.predicate());
            var text = item.key().isEmpty() ? "(anywhere)" : item.key();
            return new Step(Kind.FIELD, text, holds, values, holds && !item.not() ? List.of() : seen(item));
        }

        private List<Seen> seen(SelectionPart.Item item) {
            var seen = new ArrayList<Seen>();
            var slots = item.tests().isEmpty()
                    ? List.<Field>of()
                    : item.tests().getFirst().slots();
            for (int e = batch.first(row); e < batch.end(row) && seen.size() < MAX_SEEN; e++) {
                var field = Field.byId(batch.field(e));
                if (slots.contains(field)) {
                    seen.add(new Seen(field, batch.type(e) == EventBatch.NULL ? null : shortened(batch.text(e))));
                }
            }
            return seen;
        }
    }

    static String shortened(String value) {
        return value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) + "…" : value;
    }
}
