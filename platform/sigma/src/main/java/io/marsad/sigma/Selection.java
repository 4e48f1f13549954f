package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/**
 * A named part of a rule's detection.
 *
 * @param tests every single comparison in it
 */
public record Selection(String name, Predicate predicate, List<Test> tests) {
    public Selection {
        tests = List.copyOf(tests);
    }

    /**
     * One field compared with one value.
     *
     * @param field as the rule writes it, without modifiers; empty for keywords
     * @param pattern as the rule writes it, modifiers before the value: {@code endswith \cmd.exe}
     * @param slots where the field may be in an event
     */
    public record Test(String field, String pattern, List<Field> slots, Predicate predicate) {
        public Test {
            slots = List.copyOf(slots);
        }
    }
}
