package io.marsad.match;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/**
 * Several predicates that are asked of the same rows, such as a rule's parts: what they have in common is compiled once
 * and found out once a row. Agrees with {@link CompiledPredicate}.
 *
 * <p>An instance has scratch memory and belongs to one thread.
 */
public final class CompiledPredicates {
    private final Node[] nodes;
    private final Run run;

    private CompiledPredicates(Node[] nodes, Run run) {
        this.nodes = nodes;
        this.run = run;
    }

    /** @throws IllegalArgumentException when a regular expression or network in them is not one; the message says which */
    public static CompiledPredicates of(List<Predicate> predicates) {
        var atoms = new Atoms();
        var exprs = predicates.stream().map(atoms::add).toList();
        var nodes =
                exprs.stream().map(expr -> Node.of(expr, atoms, atom -> false)).toArray(Node[]::new);
        return new CompiledPredicates(nodes, new Run(atoms.all(), atoms.slotOfField(), atoms.slots()));
    }

    /** The row that {@link #test} is about from now on. */
    public void open(EventBatch batch, int row) {
        run.row().open(batch, row);
    }

    /** Whether the open row fits the predicate with this index. */
    public boolean test(int index) {
        return nodes[index].test(run);
    }
}
