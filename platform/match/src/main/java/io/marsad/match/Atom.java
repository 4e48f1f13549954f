package io.marsad.match;

import java.util.List;

/** A test of one field, compiled. Immutable, thread-safe. */
sealed interface Atom
        permits LiteralAtom,
                GlobAtom,
                RegexAtom,
                NetworkAtom,
                NumberAtom,
                DateAtom,
                ReferenceAtom,
                PresenceAtom,
                SourceAtom {
    /** The field asked, as a slot of {@link Row}. */
    int slot();

    boolean test(Row row);

    /**
     * Literals of which at least one stands in one of the slot's values whenever the atom is true; none when nothing
     * such is known.
     */
    default List<Literal> needs() {
        return List.of();
    }

    /** The atom is true as soon as one of its {@link #needs} is found. */
    default boolean decidedByNeeds() {
        return false;
    }

    /** A rough price of one test, in nanoseconds: what orders the parts of a rule. */
    int price();
}
