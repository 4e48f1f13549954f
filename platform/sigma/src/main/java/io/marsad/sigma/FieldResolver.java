package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.util.LinkedHashSet;
import java.util.List;

/** Says where in an event the fields are that rules name. Thread-safe. */
@FunctionalInterface
public interface FieldResolver {
    /**
     * The slots that a field may be in; a test of the field is true when it is for any of them.
     *
     * @param wanted what the rule is for
     * @param taxonomy the rule's, {@code sigma} unless it says otherwise
     * @param name as the rule writes it
     * @return at least one
     */
    List<Field> resolve(LogSource wanted, String taxonomy, String name);

    /** Where the mappings of a source put what the source itself calls so; empty when they do not say. */
    @FunctionalInterface
    interface NativeNames {
        List<Field> slots(LogSource wanted, String name);

        NativeNames NONE = (wanted, name) -> List.of();
    }

    /** Everything is where an event without a mapping has it: {@code unmapped.NAME}. */
    FieldResolver UNMAPPED = (wanted, taxonomy, name) -> unmapped(name);

    /** The unmapped field of that name; sources with blanks in their names are looked for with and without. */
    static List<Field> unmapped(String name) {
        var slots = new LinkedHashSet<Field>();
        slots.add(Field.unmapped(name));
        slots.add(Field.unmapped(name.replace(" ", "")));
        return List.copyOf(slots);
    }
}
