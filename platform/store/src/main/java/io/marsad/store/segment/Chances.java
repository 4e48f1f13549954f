package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether anything can fit, told without looking at rows: wrong only where it says that it can. */
final class Chances {
    private Chances() {}

    /** Of a block. */
    static boolean of(Node node, Directory directory, @Nullable BlockFilter filter) {
        return switch (node) {
            case Node.All(List<Node> of) -> all(of, child -> of(child, directory, filter));
            case Node.Any(List<Node> of) -> any(of, child -> of(child, directory, filter));
            case Node.Except e -> true;
            case Node.Values(int field, Leaf leaf) -> {
                int c = directory.column(field);
                yield c >= 0 && (filter == null || leaf.literals().mayBeIn(filter, c));
            }
            case Node.AnyValue(Leaf leaf) ->
                filter == null || leaf.literals().mayBeInAny(filter, directory.columns.length);
            case Node.Rows(Leaf leaf) -> filter == null || leaf.literals().mayBeInRecord(filter);
            case Node.Anywhere(Leaf leaf, var seams) ->
                filter == null || leaf.literals().mayBeInRecord(filter);
            case Node.Exists(int field) -> directory.column(field) >= 0;
            case Node.IsNull n -> true;
            case Node.OfSource s -> true;
        };
    }

    /** Of rows in memory. */
    static boolean of(Node node, EventBatch batch) {
        return switch (node) {
            case Node.All(List<Node> of) -> all(of, child -> of(child, batch));
            case Node.Any(List<Node> of) -> any(of, child -> of(child, batch));
            case Node.Values v -> true; // to ask the rows costs less
            case Node.AnyValue(Leaf leaf) -> leaf.mayBeIn(batch);
            case Node.Anywhere(Leaf leaf, var seams) -> leaf.mayBeIn(batch);
            case Node.Rows r -> true;
            case Node.Except e -> true;
            case Node.Exists e -> true;
            case Node.IsNull n -> true;
            case Node.OfSource s -> true;
        };
    }

    private static boolean all(List<Node> nodes, Predicate<Node> may) {
        for (var node : nodes) {
            if (!may.test(node)) {
                return false;
            }
        }
        return true;
    }

    private static boolean any(List<Node> nodes, Predicate<Node> may) {
        for (var node : nodes) {
            if (may.test(node)) {
                return true;
            }
        }
        return false;
    }
}
