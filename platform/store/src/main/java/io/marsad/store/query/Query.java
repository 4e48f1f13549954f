package io.marsad.store.query;

import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.ProblemException;

/**
 * A search as a person wrote it, understood. The language is described in {@code docs/reference/query-language.md}.
 *
 * <p>Immutable.
 */
public final class Query {
    /** The longest text that is read, in characters. */
    public static final int MAX_LENGTH = 16_384;

    private final Expression filter;
    private final Predicate predicate;

    private Query(Expression filter, Predicate predicate) {
        this.filter = filter;
        this.predicate = predicate;
    }

    /**
     * Reads a query; blank text asks for everything.
     *
     * @throws ProblemException of type {@code invalid-query} with one fault whose {@code where} is {@code column N},
     *     counted from 1
     */
    public static Query parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new Invalid(MAX_LENGTH, "the query is longer than " + MAX_LENGTH + " characters").asProblem();
        }
        try {
            var filter = new Parser(text).parse();
            return new Query(filter, new Lowering().lower(filter));
        } catch (Invalid e) {
            throw e.asProblem();
        }
    }

    /** What an event must fulfil. */
    public Predicate predicate() {
        return predicate;
    }

    Expression filter() {
        return filter;
    }

    /** The query in canonical form: parsing it gives the same query again. */
    @Override
    public String toString() {
        return Printer.print(filter);
    }
}
