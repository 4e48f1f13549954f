package io.marsad.store.query;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search as a person wrote it, understood. The language is described in {@code docs/reference/query-language.md}.
 *
 * <p>Immutable.
 */
public final class Query {
    /** The longest text that is read, in characters. */
    public static final int MAX_LENGTH = 16_384;

    private final Pipeline pipeline;
    private final Predicate predicate;
    private final List<Stage> stages;

    private Query(Pipeline pipeline) {
        this.pipeline = pipeline;
        var lowering = new Lowering(Names::slots);
        var all = new ArrayList<Predicate>();
        if (pipeline.filter() != Expression.Everything.EVERYTHING) {
            all.add(lowering.lower(pipeline.filter()));
        }
        int first = 0;
        while (first < pipeline.stages().size() && pipeline.stages().get(first) instanceof Stage.Where(var condition)) {
            all.add(lowering.lower(condition));
            first++;
        }
        predicate = Predicate.and(all);
        stages = pipeline.stages().subList(first, pipeline.stages().size());
    }

    /** A range of event time: from inclusive, to exclusive, epoch milliseconds. */
    public record Span(long from, long to) {}

    /**
     * Reads a query; blank text asks for everything.
     *
     * @throws ProblemException of type {@code invalid-query} with one fault whose {@code where} is {@code column N} or
     *     {@code column FIRST-LAST}, counted from 1
     */
    public static Query parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new Invalid(MAX_LENGTH, "the query is longer than " + MAX_LENGTH + " characters").asProblem();
        }
        try {
            return new Query(read(text, new Scope()));
        } catch (Invalid e) {
            throw e.asProblem();
        }
    }

    /** The columns that stages leave, or null when there are events or the columns are known only with the data. */
    static @Nullable List<String> columns(String text) {
        var scope = new Scope();
        try {
            read(text, scope);
        } catch (Invalid e) {
            throw e.asProblem();
        }
        return scope.isTable() && !scope.names().isEmpty() ? scope.names() : null;
    }

    private static Pipeline read(String text, Scope scope) throws Invalid {
        var filters = new Parser(text);
        var range = filters.range();
        var filter = filters.filter(scope);
        var tokens = new Tokens(text, filters.position());
        var parser = new StageParser(tokens, scope, filters);
        var stages = new ArrayList<Stage>();
        while (true) {
            var token = tokens.next();
            if (token.kind() == Tokens.Kind.END) {
                return new Pipeline(range, filter, stages);
            }
            if (token.kind() != Tokens.Kind.PIPE) {
                throw new Invalid(token, token.shown() + " is not expected here; the next stage begins with |");
            }
            if (stages.size() == Pipeline.MAX_STAGES) {
                throw new Invalid(token, "a query has at most " + Pipeline.MAX_STAGES + " stages");
            }
            stages.add(parser.parse());
        }
    }

    /** Events whose field (or any of the fields that a short name stands for) has this value, without regard to case. */
    public static Query equal(String name, String value) {
        return new Query(new Pipeline(
                null,
                new Expression.Compare(name, Expression.Operator.EQUALS, false, List.of(Glob.literal(value))),
                List.of()));
    }

    private Query(Pipeline pipeline, Predicate predicate, List<Stage> stages) {
        this.pipeline = pipeline;
        this.predicate = predicate;
        this.stages = stages;
    }

    /**
     * A predicate as a query.
     *
     * @param query asks just what the predicate does; its text is what the search bar shows
     * @param missing what the text cannot say, for people: the text then finds more. Empty when text and predicate are
     *     the same
     */
    public record Translation(Query query, List<String> missing) {
        public Translation {
            missing = List.copyOf(missing);
        }
    }

    /**
     * A rule's predicate as a query, so that a rule can be run as a search.
     *
     * @param source only events of such sources; {@link LogSource#NONE} for all
     */
    public static Translation of(Predicate predicate, LogSource source) {
        var rewriting = new Rewriting();
        var whole = ofSource(predicate, source);
        var pipeline = new Pipeline(null, rewriting.rewrite(whole), List.of());
        var query = new Query(pipeline, whole, List.of());
        var missing = new ArrayList<>(rewriting.missing());
        if (query.toString().length() > MAX_LENGTH) {
            missing.add("the text is longer than the " + MAX_LENGTH + " characters that are read");
        }
        return new Translation(query, missing);
    }

    private static Predicate ofSource(Predicate predicate, LogSource source) {
        return source == LogSource.NONE
                ? predicate
                : new Predicate.And(List.of(
                        new Predicate.OfSource(source.product(), source.category(), source.service()), predicate));
    }

    /**
     * The same question, asked only of what fulfils the predicate and is of such sources: a rule with what an analyst
     * asks of its matches. The text does not say it.
     */
    public Query within(Predicate only, LogSource source) {
        return new Query(pipeline, Predicate.and(List.of(ofSource(only, source), predicate)), stages);
    }

    /** The fields that a written name stands for: any of them may hold the value. */
    public static List<Field> fields(String name) {
        return Names.slots(name.replace("[]", ""));
    }

    /** A day or a point of time as ISO 8601 writes them, UTC when no offset is written; null when the text is neither. */
    public static @Nullable Instant time(String text) {
        return Durations.instant(text);
    }

    /** What an event must fulfil: the filter, and the conditions of each {@code where} right behind it. */
    public Predicate predicate() {
        return predicate;
    }

    /** The stages behind what {@link #predicate} asks. */
    public List<Stage> stages() {
        return stages;
    }

    /** True when there are no {@link #stages}: events are filtered, and that is all. */
    public boolean isFilter() {
        return stages.isEmpty();
    }

    /** The query as it is written. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** The range that the query names itself, or null. */
    public @Nullable Span range(long now) {
        return switch (pipeline.range()) {
            case null -> null;
            case Range.Last(long millis) -> new Span(now - millis, now);
            case Range.Between(long from, long to) -> new Span(from, to);
        };
    }

    Expression filter() {
        return pipeline.filter();
    }

    /** The query in canonical form: parsing it gives the same query again. */
    @Override
    public String toString() {
        return StagePrinter.print(pipeline);
    }
}
