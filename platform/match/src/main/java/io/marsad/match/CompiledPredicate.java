package io.marsad.match;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/**
 * A predicate ready to be asked of many rows. Agrees with {@link Matcher} on every predicate and row.
 *
 * <p>An instance has scratch memory and belongs to one thread; {@link #copy} makes one for another.
 */
public final class CompiledPredicate {
    private final Atom[] atoms;
    private final int[] slotOfField;
    private final int slots;
    private final Node node;
    private final Run run;

    private CompiledPredicate(Atom[] atoms, int[] slotOfField, int slots, Node node) {
        this.atoms = atoms;
        this.slotOfField = slotOfField;
        this.slots = slots;
        this.node = node;
        run = new Run(atoms, slotOfField, slots);
    }

    /** @throws IllegalArgumentException when a regular expression or network in it is not one; the message says which */
    public static CompiledPredicate of(Predicate predicate) {
        var atoms = new Atoms();
        var expr = atoms.add(predicate);
        var node = Node.of(expr, atoms, atom -> false);
        return new CompiledPredicate(atoms.all(), atoms.slotOfField(), atoms.slots(), node);
    }

    /**
     * Says whether the predicate can be compiled, without doing it.
     *
     * @throws IllegalArgumentException when a regular expression or network in it is not one; the message says which
     */
    public static void check(Predicate predicate) {
        switch (predicate) {
            case Predicate.And(List<Predicate> all) -> all.forEach(CompiledPredicate::check);
            case Predicate.Or(List<Predicate> any) -> any.forEach(CompiledPredicate::check);
            case Predicate.Not(Predicate of) -> check(of);
            case Predicate.Regex regex -> RegexAtom.compile(regex);
            case Predicate.Cidr cidr -> Network.parse(cidr.network());
            case Predicate.Text _, Predicate.Number _, Predicate.DatePart _, Predicate.Exists _ -> {}
            case Predicate.IsNull _, Predicate.OfSource _, Predicate.FieldRef _ -> {}
        }
    }

    /** The same for another thread. */
    public CompiledPredicate copy() {
        return new CompiledPredicate(atoms, slotOfField, slots, node);
    }

    public boolean test(EventBatch batch, int row) {
        run.row().open(batch, row);
        return node.test(run);
    }
}
