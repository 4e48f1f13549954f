package io.marsad.store.query.run;

import java.util.Locale;

/** A column of an answer. */
public record Column(String name, Type type) {
    /**
     * What a column's values are; any of them may be null. Text is a String, a number a Long or Double, a time a number of
     * epoch milliseconds, a list a List of texts or numbers.
     */
    public enum Type {
        TEXT,
        NUMBER,
        TIME,
        LIST,
        ANY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
