package io.marsad.bench.diff;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.PathTable;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.format.RecordParser;
import io.marsad.normalize.format.Tape;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import io.marsad.testkit.sigma.NotSigmaException;
import io.marsad.testkit.sigma.ReferenceEvent;
import io.marsad.testkit.sigma.ReferenceReader;
import io.marsad.testkit.sigma.ReferenceRule;
import io.marsad.testkit.sigma.RuleGenerator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Generated rules and events: what the engine says of each pair, from YAML and JSON to the verdict, and what the reference
 * says. One thread uses it.
 */
public final class GeneratedDiff {
    /** Events for each rule. */
    public static final int EVENTS = 16;

    private static final int TOGETHER = 16;
    private static final int MOST_KEPT = 20;

    private final RuleGenerator generator;
    private final ReferenceReader reference = ReferenceReader.plain();
    private final EventBatch batch = new EventBatch(new TenantId("diff"));
    private final RecordParser json = RecordFormat.JSON.newParser();
    private final Tape tape = new Tape(new PathTable());
    private final List<String> differences = new ArrayList<>();
    private long rules;
    private long refused;
    private long pairs;
    private long crossed;
    private long hits;
    private long different;

    public GeneratedDiff(long seed) {
        generator = new RuleGenerator(new SplittableRandom(seed));
    }

    /**
     * What came out.
     *
     * @param rules that were read by both
     * @param refused by both
     * @param pairs of rules and events that were made for them
     * @param crossed pairs of rules and events that were made for others
     * @param hits pairs (not crossed) of which both say yes
     * @param differences the first of those where they do not say the same
     */
    public record Result(
            long rules, long refused, long pairs, long crossed, long hits, long different, List<String> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    /** Compares at least so many pairs more. */
    public Result run(long more) {
        for (long end = pairs + more; pairs < end; ) {
            group();
        }
        return new Result(rules, refused, pairs, crossed, hits, different, differences);
    }

    /** Rules that are compiled together, and every event asked about all of them. */
    private void group() {
        var made = new LinkedHashMap<String, RuleGenerator.Pairs>();
        while (made.size() < TOGETHER) {
            var one = generator.next(EVENTS);
            made.putIfAbsent(one.id(), one);
        }
        var text = made.values().stream().map(RuleGenerator.Pairs::rule).collect(Collectors.joining("---\n"));
        var engine = RuleSet.of("generated.yml", text, FieldResolver.UNMAPPED);
        var slow = new LinkedHashMap<String, ReferenceRule>();
        made.forEach((id, one) -> {
            var rule = read(one, engine);
            if (rule != null) {
                slow.put(id, rule);
            }
        });
        var matcher = engine.compile();
        made.forEach((own, one) -> {
            batch.clear();
            for (int i = 0; i < EVENTS; i++) {
                add(one.json(i));
                var found = new Found();
                matcher.matchAnySource(batch, i, found);
                var event = ReferenceEvent.of(one.events().get(i));
                for (var rule : slow.entrySet()) {
                    compare(made, rule.getKey(), own, i, rule.getValue().matches(event), found.ids());
                }
            }
        });
    }

    private void compare(
            Map<String, RuleGenerator.Pairs> made, String id, String own, int i, boolean should, Set<String> fired) {
        boolean fires = fired.contains(id);
        if (id.equals(own)) {
            pairs++;
            hits += fires && should ? 1 : 0;
        } else {
            crossed++;
        }
        if (fires != should) {
            differ(
                    "engine " + fires + ", reference " + should,
                    get(made, id).rule() + get(made, own).json(i));
        }
    }

    private static RuleGenerator.Pairs get(Map<String, RuleGenerator.Pairs> made, String id) {
        return Objects.requireNonNull(made.get(id));
    }

    /** The rule as the reference reads it; null when there is nothing to ask the engine. */
    private @Nullable ReferenceRule read(RuleGenerator.Pairs made, RuleSet engine) {
        ReferenceRule slow = null;
        var why = "";
        try {
            slow = reference.read(made.rule());
        } catch (NotSigmaException e) {
            why = String.valueOf(e.getMessage());
        }
        if (slow != null && engine.find(made.id()) != null) {
            rules++;
            return slow;
        }
        refused++;
        var reasons = RuleSet.of("generated.yml", made.rule(), FieldResolver.UNMAPPED)
                .refusals()
                .toString();
        if (slow != null && reasons.contains("can never fire")) {
            idle(made, slow);
        } else if (slow != null || engine.find(made.id()) != null) {
            differ("only one reads the rule; reference: " + why + "; engine: " + reasons, made.rule());
        }
        return null;
    }

    /** A rule that the engine does not take because nothing can fit it. */
    private void idle(RuleGenerator.Pairs made, ReferenceRule slow) {
        for (int i = 0; i < EVENTS; i++) {
            pairs++;
            if (slow.matches(ReferenceEvent.of(made.events().get(i)))) {
                differ("engine 'can never fire', reference true", made.rule() + made.json(i));
            }
        }
    }

    private void add(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var why = json.parse(bytes, 0, bytes.length, 0, tape);
        if (why != null) {
            throw new IllegalStateException("the generator wrote no JSON: " + why + ": " + text);
        }
        batch.beginRow(new EventId(1, batch.rows()), 0, -1, "diff");
        for (int i = 0; i < tape.size(); i++) {
            int at = batch.put(tape.bytes(i), tape.offset(i), tape.length(i));
            batch.add(Field.unmapped(tape.pathName(i)).id(), at, tape.length(i), tape.type(i));
        }
        batch.endRow();
    }

    private void differ(String how, String what) {
        different++;
        if (differences.size() < MOST_KEPT) {
            differences.add(how + "\n" + what);
        }
    }
}
