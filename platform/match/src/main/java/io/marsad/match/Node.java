package io.marsad.match;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/** An expression ready to run: cheap parts first. Immutable, thread-safe. */
sealed interface Node {
    boolean test(Run run);

    int price();

    /** An atom, verified when asked for. */
    record Lazy(int atom, int price) implements Node {
        @Override
        public boolean test(Run run) {
            return run.test(atom);
        }
    }

    /** An atom that the scan before has decided. */
    record Scanned(int atom) implements Node {
        @Override
        public boolean test(Run run) {
            return run.proven(atom);
        }

        @Override
        public int price() {
            return 1;
        }
    }

    /** All or any of the parts. */
    final class Several implements Node {
        private final Node[] parts;
        private final boolean all;
        private final int price;

        Several(List<Node> of, boolean all) {
            parts = of.toArray(Node[]::new);
            Arrays.sort(parts, Comparator.comparingInt(Node::price));
            this.all = all;
            price = (int) Math.min(
                    1_000_000, Arrays.stream(parts).mapToLong(Node::price).sum());
        }

        @Override
        public boolean test(Run run) {
            for (Node part : parts) {
                if (part.test(run) != all) {
                    return !all;
                }
            }
            return all;
        }

        @Override
        public int price() {
            return price;
        }
    }

    record No(Node of) implements Node {
        @Override
        public boolean test(Run run) {
            return !of.test(run);
        }

        @Override
        public int price() {
            return of.price();
        }
    }

    record Fixed(boolean value) implements Node {
        @Override
        public boolean test(Run run) {
            return value;
        }

        @Override
        public int price() {
            return 0;
        }
    }

    /** @param scanned which atoms a scan will have decided before the node runs */
    static Node of(Expr expr, Atoms atoms, IntPredicate scanned) {
        return switch (expr) {
            case Expr.Is(int atom) ->
                scanned.test(atom)
                        ? new Scanned(atom)
                        : new Lazy(atom, atoms.get(atom).price());
            case Expr.All(List<Expr> of) ->
                new Several(of.stream().map(e -> of(e, atoms, scanned)).toList(), true);
            case Expr.Any(List<Expr> of) ->
                new Several(of.stream().map(e -> of(e, atoms, scanned)).toList(), false);
            case Expr.No(Expr of) -> new No(of(of, atoms, scanned));
            case Expr.Fixed(boolean value) -> new Fixed(value);
        };
    }
}
