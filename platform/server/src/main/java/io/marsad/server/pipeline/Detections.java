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
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns what a rule or correlation found into a detection with its evidence. One thread uses it. */
final class Detections {
    /** Finds an event that came earlier; null when it is gone. */
    interface Earlier {
        @Nullable
        EventBatch find(EventId id);
    }

    private final Explain explain = new Explain();
    private final Function<About, RuleOrigin> origin;

    /** @param origin where a rule is from */
    Detections(Function<About, RuleOrigin> origin) {
        this.origin = origin;
    }

    Detection onEvent(SigmaRule rule, EventBatch batch, int row) {
        return Detection.onEvent(
                snapshot(rule.about()), batch, row, matches(rule, batch, row), Labels.synthetic(batch, row));
    }

    /**
     * @param members the rules whose matches were counted: the first that an event fits explains it
     * @param hand a batch in which some of the events may be
     * @param earlier where the others are found
     */
    Detection onCorrelation(
            CorrelationMatch match, List<SigmaRule> members, @Nullable EventBatch hand, Earlier earlier) {
        var evidence = new ArrayList<Evidence>();
        var entities = new ArrayList<Entity>();
        var logSource = "";
        boolean synthetic = false;
        for (EventId id : match.events()) {
            int at = hand == null ? -1 : row(hand, id);
            var one = at >= 0 ? hand : earlier.find(id);
            at = Math.max(0, at);
            if (one == null || one.rows() == 0) {
                evidence.add(new Evidence(id, Instant.ofEpochMilli(match.last()), List.of(), Map.of()));
                continue;
            }
            evidence.add(Detection.evidence(one, at, matches(members, one, at)));
            entities.addAll(EntityExtractor.entities(one, at));
            logSource = one.source(at).toString();
            synthetic = Labels.synthetic(one, at);
        }
        return new Detection(
                snapshot(match.rule().about()),
                match.id().toString(),
                evidence,
                match.count(),
                entities,
                logSource,
                synthetic);
    }

    private static int row(EventBatch batch, EventId id) {
        for (int row = batch.rows() - 1; row >= 0; row--) {
            if (batch.idHigh(row) == id.high() && batch.idLow(row) == id.low()) {
                return row;
            }
        }
        return -1;
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

    private RuleSnapshot snapshot(About about) {
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
                about.source(),
                origin.apply(about));
    }
}
