package io.marsad.bench.diff;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.server.node.Content;
import io.marsad.sigma.RuleMatcher;
import io.marsad.testkit.sigma.ReferenceEvent;
import io.marsad.testkit.sigma.ReferenceRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Rules over real logs: what the engine says of each pair and what the reference says. One thread uses it.
 *
 * <p>Both see the same event, as the product reads and maps it, and the same answer to where a field of a rule is: the
 * reading of logs, the mappings and the taxonomy are not what is compared. What is, both do for themselves: which log
 * sources a rule is for, and all that a rule's file means. An event's row becomes a map from field to values.
 */
public final class RealDiff {
    private static final TenantId TENANT = new TenantId("diff");
    private static final int MOST_KEPT = 50;
    /** When records count as received; 2100, so that no record is from the future. */
    private static final long RECEIVED = 4_102_444_800_000L;

    private final ReferenceRules reference;
    private final RuleMatcher engine;
    private final Normalizer normalizer;
    private final int unroutedEvery;
    private final EventBatch batch = new EventBatch(TENANT);

    private long records;
    private long events;
    private long unrouted;
    private long hits;
    private long different;
    private final List<String> differences = new ArrayList<>();

    /**
     * What came out.
     *
     * @param events that records became; each is asked about every rule
     * @param pairs of rules and events; a rule for another log source is a pair too, and does not fire
     * @param evaluated pairs whose detection the reference had to evaluate
     * @param unrouted pairs evaluated once more whatever the log source
     * @param hits of which both say yes
     */
    public record Result(
            int rules,
            long records,
            long events,
            long pairs,
            long evaluated,
            long unrouted,
            long hits,
            long different,
            List<String> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    private long evaluated;

    /**
     * @param content with mappings, taxonomy and the rules of the folder
     * @param rules a folder
     * @param unroutedEvery each so many events, all rules are evaluated whatever their log source; 0 for never
     */
    public RealDiff(Content content, Path rules, int unroutedEvery) throws IOException {
        this.unroutedEvery = unroutedEvery;
        normalizer = new Normalizer(content.mappings());
        engine = content.rules().compile();
        reference = new ReferenceRules(content, rules);
        reference.disagreements().forEach(this::differ);
    }

    /** Compares all records of a file. */
    public void read(Path file) throws IOException {
        RecordFiles.read(file, (format, bytes, offset, length) -> record(file, format, bytes, offset, length));
    }

    /** What came out so far. */
    public Result result() {
        return new Result(
                reference.all().size(),
                records,
                events,
                events * reference.all().size(),
                evaluated,
                unrouted,
                hits,
                different,
                differences);
    }

    private void record(Path file, RecordFormat format, byte[] bytes, int offset, int length) {
        records++;
        var one = new RecordBatch(TENANT, "diff", format.label(), RECEIVED, length);
        one.add(new EventId(1, records), (byte) 0, bytes, offset, length);
        batch.clear();
        normalizer.normalize(one, 0, batch);
        for (int row = 0; row < batch.rows(); row++) {
            events++;
            var event = ReferenceRules.event(batch, row);
            var found = new Found();
            engine.match(batch, row, found);
            compare(file, event, reference.of(batch.source(row)), found);
            if (unroutedEvery > 0 && events % unroutedEvery == 0) {
                var any = new Found();
                engine.matchAnySource(batch, row, any);
                long before = evaluated;
                compare(file, event, reference.all(), any);
                unrouted += evaluated - before;
                evaluated = before;
            }
        }
    }

    private void compare(Path file, ReferenceEvent event, Map<String, ReferenceRule> rules, Found found) {
        var should = new TreeSet<String>();
        rules.forEach((id, rule) -> {
            evaluated++;
            if (rule.matches(event)) {
                should.add(id);
            }
        });
        for (String id : should) {
            if (found.ids().contains(id)) {
                hits++;
            } else {
                differ(file + " record " + records + " rule " + id + ": engine false, reference true");
            }
        }
        for (String id : found.ids()) {
            if (!should.contains(id)) {
                differ(file + " record " + records + " rule " + id + ": engine true, reference false");
            }
        }
    }

    private void differ(String what) {
        different++;
        if (differences.size() < MOST_KEPT) {
            differences.add(what);
        }
    }
}
