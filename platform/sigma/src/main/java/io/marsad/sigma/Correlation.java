package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A correlation with what it counts: ready to run.
 *
 * @param members the rules among what it counts
 * @param inners the correlations among what it counts
 * @param carried further field names whose values outer correlations want to know of this one's alerts
 * @param alerts false when it is only counted by others
 */
public record Correlation(
        SigmaCorrelation definition, List<Member> members, List<Inner> inners, List<String> carried, boolean alerts) {
    public Correlation {
        members = List.copyOf(members);
        inners = List.copyOf(inners);
        carried = List.copyOf(carried);
    }

    /**
     * A rule whose matches count.
     *
     * @param index its place in {@link SigmaCorrelation#rules}
     * @param groups for each of the correlation's group-by fields the slots it may be in, in this rule's events
     * @param values the same for the fields whose values are counted
     * @param carried the same for {@link Correlation#carried}
     */
    public record Member(
            SigmaRule rule, int index, List<List<Field>> groups, List<List<Field>> values, List<List<Field>> carried) {
        public Member {
            groups = List.copyOf(groups);
            values = List.copyOf(values);
            carried = List.copyOf(carried);
        }
    }

    /**
     * A correlation whose alerts count. What is known of them is their group, then what they carry: the lists say which of
     * these texts is which.
     *
     * @param index its place in {@link SigmaCorrelation#rules}
     */
    public record Inner(
            Correlation correlation, int index, List<Integer> groups, List<Integer> values, List<Integer> carried) {
        public Inner {
            groups = List.copyOf(groups);
            values = List.copyOf(values);
            carried = List.copyOf(carried);
        }
    }

    /** All rules that it rests on, those of inner correlations too. */
    public Set<SigmaRule> rules() {
        var rules = new LinkedHashSet<SigmaRule>();
        members.forEach(member -> rules.add(member.rule()));
        inners.forEach(inner -> rules.addAll(inner.correlation().rules()));
        return rules;
    }
}
