package io.marsad.sigma;

import io.marsad.kernel.predicate.Predicate;
import java.util.HashSet;
import java.util.List;

/** Whether a predicate says the same of every event. */
enum Constant {
    TRUE,
    FALSE,
    NEITHER;

    /** Sound, not complete: what is said to be constant is. */
    static Constant of(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> several(all, TRUE, FALSE);
            case Predicate.Or(List<Predicate> any) -> several(any, FALSE, TRUE);
            case Predicate.Not(Predicate of) ->
                switch (of(of)) {
                    case TRUE -> FALSE;
                    case FALSE -> TRUE;
                    case NEITHER -> NEITHER;
                };
            case Predicate.Text _, Predicate.Regex _, Predicate.Cidr _, Predicate.Number _ -> NEITHER;
            case Predicate.DatePart _, Predicate.Exists _, Predicate.IsNull _, Predicate.FieldRef _ -> NEITHER;
            case Predicate.OfSource _ -> NEITHER;
        };
    }

    /** One that decides, or a part beside its own negation, which decides too. */
    private static Constant several(List<Predicate> parts, Constant nothing, Constant decides) {
        boolean open = false;
        for (Predicate part : parts) {
            var constant = of(part);
            if (constant == decides) {
                return decides;
            }
            open |= constant == NEITHER;
        }
        return !open ? nothing : hasBothWays(parts) ? decides : NEITHER;
    }

    private static boolean hasBothWays(List<Predicate> parts) {
        var negated = new HashSet<Predicate>();
        for (Predicate part : parts) {
            if (part instanceof Predicate.Not(Predicate of)) {
                negated.add(of);
            }
        }
        return !negated.isEmpty() && parts.stream().anyMatch(negated::contains);
    }
}
