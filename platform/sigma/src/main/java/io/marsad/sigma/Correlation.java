package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import java.util.List;

/** A correlation with what it counts: ready to run. */
public record Correlation(SigmaCorrelation definition, List<Member> members) {
    public Correlation {
        members = List.copyOf(members);
    }

    /**
     * A rule whose matches count.
     *
     * @param groups for each of the correlation's group-by fields the slots it may be in, in this rule's events
     * @param values the same for the fields whose values are counted
     */
    public record Member(SigmaRule rule, List<List<Field>> groups, List<List<Field>> values) {
        public Member {
            groups = List.copyOf(groups);
            values = List.copyOf(values);
        }
    }
}
