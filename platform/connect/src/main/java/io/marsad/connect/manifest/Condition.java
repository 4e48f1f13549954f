package io.marsad.connect.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question about an answer that always has one. */
public sealed interface Condition {
    /** All of them. */
    record All(List<Condition> conditions) implements Condition {}

    /** One of them at least. */
    record Any(List<Condition> conditions) implements Condition {}

    record Not(Condition condition) implements Condition {}

    /**
     * A value is one of some; of several values at a path one has to be.
     *
     * @param path in the answer, or
     * @param value that is known already
     * @param among as text; null: whether there is any
     */
    record Is(
            @Nullable Path path,
            @Nullable Text value,
            @Nullable List<Text> among) implements Condition {}
}
