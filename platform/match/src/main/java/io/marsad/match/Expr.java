package io.marsad.match;

import java.util.List;

/** A predicate with its fields as slots and its tests as shared atoms, simplified; what compilers work on. */
sealed interface Expr {
    record Is(int atom) implements Expr {}

    record All(List<Expr> of) implements Expr {}

    record Any(List<Expr> of) implements Expr {}

    record No(Expr of) implements Expr {}

    /** Always or never. */
    record Fixed(boolean value) implements Expr {}
}
