package io.marsad.store.segment;

import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/** A predicate made ready for blocks. */
sealed interface Node {
    record All(List<Node> of) implements Node {}

    record Any(List<Node> of) implements Node {}

    record Except(Node of) implements Node {}

    record Values(int field, Leaf leaf) implements Node {}

    record AnyValue(Leaf leaf) implements Node {}

    record Rows(Leaf leaf) implements Node {}

    record Anywhere(Leaf leaf, Seams seams) implements Node {}

    record Exists(int field) implements Node {}

    record IsNull(int field) implements Node {}

    record OfSource(Predicate.OfSource wanted) implements Node {}
}
