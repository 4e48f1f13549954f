package io.marsad.server.rules;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.match.CompiledPredicate;
import io.marsad.server.node.Content;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleTrace;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule fires on an event of a file, or does not.
 *
 * @param record which of the file's records was looked at
 * @param events how many events the file has (or the record, when one was asked for)
 * @param firing on how many of them the rule fires
 * @param source the event's log source
 * @param sourceFits the rule is for such events, or it was asked not to look at that
 */
public record Explanation(
        SigmaRule rule, long record, long events, long firing, LogSource source, boolean sourceFits, RuleTrace trace) {

    /** The rule fires on the event. */
    public boolean fires() {
        return sourceFits && trace.fires();
    }

    /**
     * What is asked.
     *
     * @param record the one record to look at; null for the first that the rule fires on, else the first that is of its
     *     log source, else the first
     * @param source takes the place of what the mappings say the events' log source is
     * @param anySource the log source does not matter
     */
    public record Question(@Nullable Long record, @Nullable LogSource source, boolean anySource) {
        /** Events that the mappings may not know, whose fields are called as rules call them. */
        boolean bare() {
            return anySource || source != null;
        }
    }

    /**
     * Where fields are, for events that come as a rule's author writes them down: also under their own names.
     *
     * @param question decides whether that is so
     */
    public static FieldResolver fields(Content content, Question question) {
        if (!question.bare()) {
            return content.fields();
        }
        return (wanted, taxonomy, name) -> {
            var slots = new LinkedHashSet<>(content.fields().resolve(wanted, taxonomy, name));
            slots.addAll(FieldResolver.unmapped(name));
            return List.copyOf(slots);
        };
    }

    /**
     * Explains a rule.
     *
     * @param content whose rules the rule is one of, read with {@link #fields}
     * @param file closed by the caller
     * @return null when the file has no such event
     */
    public static @Nullable Explanation of(
            SigmaRule rule, Content content, Placeholders lists, Question question, InputStream file)
            throws IOException, ContentException {
        var search = new Search(rule, question);
        new EventFile(content.mappings()).read(file, search);
        var found = search.found;
        if (found == null) {
            return null;
        }
        var trace = RuleTrace.of(rule, content.rules(), fields(content, question), lists, found, 0);
        var source = question.source != null ? question.source : found.source(0);
        return new Explanation(
                rule, search.record, search.events, search.firing, source, fits(rule, question, source), trace);
    }

    private static boolean fits(SigmaRule rule, Question question, LogSource source) {
        return question.anySource || source.satisfies(rule.logSource());
    }

    /** Keeps the event that says most. */
    private static final class Search implements EventFile.Sink {
        private final SigmaRule rule;
        private final Question question;
        private final CompiledPredicate predicate;
        private @Nullable EventBatch found;
        private int rank;
        private long record;
        private long events;
        private long firing;

        Search(SigmaRule rule, Question question) {
            this.rule = rule;
            this.question = question;
            predicate = CompiledPredicate.of(rule.predicate());
        }

        @Override
        public void event(long number, EventBatch batch, int row) {
            if (question.record != null && question.record != number) {
                return;
            }
            events++;
            var source = question.source != null ? question.source : batch.source(row);
            boolean fits = fits(rule, question, source);
            boolean fires = fits && predicate.test(batch, row);
            firing += fires ? 1 : 0;
            int worth = fires ? 3 : fits ? 2 : 1;
            if (worth > rank) {
                rank = worth;
                record = number;
                var kept = new EventBatch(batch.tenant(), 1, 64, 4096);
                kept.copyRow(batch, row);
                found = kept;
            }
        }
    }
}
