package io.marsad.bench.sigma;

import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;

/** Predicates that look like others and mean something else: each text has one letter changed. */
final class Perturbed {
    private Perturbed() {}

    static Predicate of(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) ->
                new Predicate.And(all.stream().map(Perturbed::of).toList());
            case Predicate.Or(List<Predicate> any) ->
                new Predicate.Or(any.stream().map(Perturbed::of).toList());
            case Predicate.Not(Predicate of) -> new Predicate.Not(of(of));
            case Predicate.Text text ->
                new Predicate.Text(
                        text.field(),
                        new Glob(text.glob().parts().stream().map(Perturbed::of).toList()),
                        text.cased());
            case Predicate.Regex _, Predicate.Cidr _, Predicate.Number _, Predicate.DatePart _ -> predicate;
            case Predicate.Exists _, Predicate.IsNull _, Predicate.FieldRef _ -> predicate;
            case Predicate.OfSource _ -> predicate;
        };
    }

    private static Glob.Part of(Glob.Part part) {
        return switch (part) {
            case Glob.Part.Literal(String text) -> new Glob.Part.Literal(changed(text));
            case Glob.Part.Wild wild -> wild;
        };
    }

    /** The letter nearest to the middle becomes the next one of the alphabet. */
    private static String changed(String text) {
        for (int i = 0; i < text.length(); i++) {
            int at = text.length() / 2 + (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
            if (at >= 0 && at < text.length()) {
                char c = text.charAt(at);
                if (c >= 'a' && c < 'z' || c >= 'A' && c < 'Z') {
                    return text.substring(0, at) + (char) (c + 1) + text.substring(at + 1);
                }
            }
        }
        return text;
    }
}
