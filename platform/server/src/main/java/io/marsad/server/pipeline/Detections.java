package io.marsad.server.pipeline;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Labels;
import io.marsad.sigma.About;
import io.marsad.sigma.Explain;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.EntityExtractor;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.alert.Match;
import io.marsad.soc.alert.RuleSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what a rule or correlation found into a detection with its evidence. One thread uses it. */
final class Detections {
    /** Finds an event that came earlier; null when it is gone. */
    interface Earlier {
        @Nullable
        EventBatch find(EventId id);
    }

    private final Explain explain = new Explain();

    Detection onEvent(SigmaRule rule, EventBatch batch, int row) {
        return Detection.onEvent(
                snapshot(rule.about()), batch, row, matches(rule, batch, row), Labels.synthetic(batch, row));
    }

    /**
     * @param members the rules whose matches were counted: the first that an event fits explains it
     * @param earlier where the events before the newest are found
     */
    Detection onCorrelation(
            CorrelationMatch match, List<SigmaRule> members, EventBatch batch, int row, Earlier earlier) {
        var evidence = new ArrayList<Evidence>();
        var entities = new ArrayList<Entity>();
        for (EventId id : match.events()) {
            var one = id.equals(batch.id(row)) ? batch : earlier.find(id);
            int at = one == batch ? row : 0;
            if (one == null || one.rows() == 0) {
                evidence.add(new Evidence(id, Instant.ofEpochMilli(match.last()), List.of(), Map.of()));
                continue;
            }
            evidence.add(Detection.evidence(one, at, matches(members, one, at)));
            entities.addAll(EntityExtractor.entities(one, at));
        }
        return new Detection(
                snapshot(match.rule().about()),
                match.id().toString(),
                evidence,
                Math.max(evidence.size(), (int) match.value()),
                entities,
                batch.source(row).toString(),
                Labels.synthetic(batch, row));
    }

    private List<Match> matches(List<SigmaRule> rules, EventBatch batch, int row) {
        for (SigmaRule rule : rules) {
            var matches = matches(rule, batch, row);
            if (!matches.isEmpty()) {
                return matches;
            }
        }
        return List.of();
    }

    private List<Match> matches(SigmaRule rule, EventBatch batch, int row) {
        var matches = new ArrayList<Match>();
        for (Explain.Match found : explain.explain(rule, batch, row)) {
            var slot = found.slot();
            var value = found.value();
            matches.add(new Match(
                    slot == null ? found.field() : slot.path(),
                    value == null ? "" : value,
                    found.selection(),
                    found.field().isEmpty() ? found.pattern() : found.field() + ": " + found.pattern()));
        }
        return matches;
    }

    private static RuleSnapshot snapshot(About about) {
        return new RuleSnapshot(
                about.id(),
                about.title(),
                about.level().text(),
                about.status().text(),
                about.description(),
                about.author(),
                about.tags(),
                about.references(),
                about.falsePositives(),
                about.source());
    }
}
