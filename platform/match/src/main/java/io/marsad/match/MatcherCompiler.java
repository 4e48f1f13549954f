package io.marsad.match;

import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Collects predicates with the log source that each is for, and compiles them into one {@link Matcher}. One thread. */
public final class MatcherCompiler {
    private final Atoms atoms = new Atoms();
    private final LinkedHashMap<LogSource, List<Bucket.Rule>> rules = new LinkedHashMap<>();
    private int count;

    /**
     * Adds a predicate.
     *
     * @param wanted only events that {@linkplain LogSource#satisfies satisfy} it are asked
     * @return its index: 0 for the first, then one more each time
     * @throws IllegalArgumentException when a regular expression or network in it is not one; nothing was added
     */
    public int add(LogSource wanted, Predicate predicate) {
        var expr = atoms.add(predicate);
        rules.computeIfAbsent(wanted, s -> new ArrayList<>()).add(new Bucket.Rule(count, expr));
        return count++;
    }

    public Matcher compile() {
        return compile(true);
    }

    /**
     * The same, but every predicate for the row's log source is evaluated, one after the other: what the matcher is
     * measured against and checked with.
     */
    public Matcher compileOneByOne() {
        return compile(false);
    }

    private Matcher compile(boolean prefiltered) {
        var buckets = rules.entrySet().parallelStream()
                .map(e -> Bucket.of(e.getKey(), e.getValue(), atoms, prefiltered))
                .toList();
        return new Matcher(buckets, atoms.all(), atoms.slotOfField(), atoms.slots(), count);
    }
}
