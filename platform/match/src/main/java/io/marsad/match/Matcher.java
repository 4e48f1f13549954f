package io.marsad.match;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many predicates asked of one event at a time. Routed by log source; each field is scanned once for literals that the
 * predicates cannot do without; only those with a finding are evaluated.
 *
 * <p>An instance has scratch memory and belongs to one thread; {@link #copy} makes one for another and shares what was
 * compiled. Matching allocates nothing, regular expressions and non-ASCII aside.
 */
public final class Matcher {
    /** One row in so many has the time of each evaluation measured. */
    static final int SAMPLE_EVERY = 64;

    private static final int NO_SLOT = -1;

    private final List<Bucket> buckets;
    private final Atom[] atoms;
    private final int[] slotOfField;
    private final int slots;
    private final int count;

    private final Run run;
    private final BucketRun[] runs;
    private @Nullable Route[] routes = new @Nullable Route[64];
    private final long[] evaluations;
    private final long[] matches;
    private final long[] sampledNanos;
    private final long[] samples;
    private long rows;
    private final Quarantine quarantine;
    private @Nullable BudgetWatch watch;

    /** What an event of a log source is asked. */
    private record Route(BucketRun[] runs, @Nullable Keywords keywords) {}

    Matcher(List<Bucket> buckets, Atom[] atoms, int[] slotOfField, int slots, int count) {
        this(buckets, atoms, slotOfField, slots, count, new Quarantine(count));
    }

    private Matcher(
            List<Bucket> buckets, Atom[] atoms, int[] slotOfField, int slots, int count, Quarantine quarantine) {
        this.quarantine = quarantine;
        this.buckets = List.copyOf(buckets);
        this.atoms = atoms;
        this.slotOfField = slotOfField;
        this.slots = slots;
        this.count = count;
        run = new Run(atoms, slotOfField, slots);
        runs = this.buckets.stream().map(b -> new BucketRun(b, run)).toArray(BucketRun[]::new);
        evaluations = new long[count];
        matches = new long[count];
        sampledNanos = new long[count];
        samples = new long[count];
    }

    /** The same for another thread, with the same budget and quarantine; its cost counters start at zero. */
    public Matcher copy() {
        var copy = new Matcher(buckets, atoms, slotOfField, slots, count, quarantine);
        copy.watch = watch == null ? null : watch.copy();
        return copy;
    }

    /**
     * Watches what each predicate costs. One that is over the budget three times in a row, over {@value
     * BudgetWatch#ROWS} rows each, is reported once and, if the budget says so, not evaluated any more by this matcher
     * and its copies.
     *
     * @param listener told in the thread that matches
     */
    public void budget(RuleBudget budget, RuleBudget.Listener listener) {
        watch = new BudgetWatch(budget, listener, count, quarantine);
    }

    /** The predicates that are not evaluated any more, ascending. */
    public int[] quarantined() {
        return quarantine.members();
    }

    /** Evaluates the predicate again. */
    public void release(int index) {
        quarantine.remove(index);
    }

    /** How many predicates there are. */
    public int size() {
        return count;
    }

    /** Puts the indexes of the predicates that the row fits into {@code out}, ascending; what was in it before is gone. */
    public void match(EventBatch batch, int row, Hits out) {
        out.clear();
        var route = route(batch.sourceId(row));
        if (route.runs.length == 0) {
            return;
        }
        run.row().open(batch, row);
        boolean measured = rows++ % SAMPLE_EVERY == 0;
        for (BucketRun bucketRun : route.runs) {
            bucketRun.begin();
        }
        int done = NO_SLOT;
        if (route.keywords != null) {
            route.keywords.scan(run.row());
            done = Row.VALUES;
        }
        for (BucketRun bucketRun : route.runs) {
            bucketRun.scan(done);
            evaluate(bucketRun, measured, out);
        }
        out.sort();
        if (watch != null) {
            watch.row();
        }
    }

    /** The same whatever log source the row is from. */
    public void matchAnySource(EventBatch batch, int row, Hits out) {
        out.clear();
        run.row().open(batch, row);
        for (BucketRun bucketRun : runs) {
            bucketRun.begin();
            bucketRun.scan(NO_SLOT);
            evaluate(bucketRun, false, out);
        }
        out.sort();
    }

    private void evaluate(BucketRun bucketRun, boolean measured, Hits out) {
        var bucket = bucketRun.bucket();
        int[] candidates = bucketRun.candidates();
        for (int i = 0, n = bucketRun.candidateCount(); i < n; i++) {
            int rule = candidates[i];
            int index = bucket.index(rule);
            if (quarantine.has(index)) {
                continue;
            }
            long before = measured ? System.nanoTime() : 0;
            boolean fits = bucket.node(rule).test(run);
            if (measured) {
                long nanos = System.nanoTime() - before;
                sampledNanos[index] += nanos;
                samples[index]++;
                if (watch != null) {
                    watch.spent(index, nanos);
                }
            }
            evaluations[index]++;
            if (fits) {
                matches[index]++;
                out.add(index);
            }
        }
    }

    private Route route(int sourceId) {
        if (sourceId >= routes.length) {
            routes = Arrays.copyOf(routes, Math.max(sourceId + 1, routes.length * 2));
        }
        var known = routes[sourceId];
        if (known == null) {
            var source = LogSource.byId(sourceId);
            var its = Arrays.stream(runs)
                    .filter(r -> source.satisfies(r.bucket().wanted()))
                    .toArray(BucketRun[]::new);
            known = new Route(its, Keywords.of(its));
            routes[sourceId] = known;
        }
        return known;
    }

    /** How many predicates an event of the source is asked about. */
    public int routed(LogSource source) {
        return Arrays.stream(route(source.id()).runs)
                .mapToInt(r -> r.bucket().size())
                .sum();
    }

    /** What each predicate has cost in this copy so far. */
    public List<RuleCost> costs() {
        var costs = new ArrayList<RuleCost>(count);
        for (int i = 0; i < count; i++) {
            costs.add(new RuleCost(i, rows, evaluations[i], matches[i], sampledNanos[i], samples[i]));
        }
        return costs;
    }
}
