package io.marsad.sigma.correlation;

import io.marsad.sigma.Condition;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.SigmaCorrelation;
import io.marsad.sigma.SigmaCorrelation.Bound.Operator;
import io.marsad.sigma.SigmaCorrelation.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A correlation as its groups see it. */
final class Plan {
    private static final long DAY = 24 * 3600_000L;
    private static final long MOST_GRAIN = 60_000;

    final Correlation correlation;
    final SigmaCorrelation rule;
    final long span;
    /** More events never make its condition false: alerts need not wait. */
    final boolean growing;

    final int members;
    final Entries.Part part;
    /** Alerts of a group are numbered within so long. */
    final long period;
    /** How long it takes at most until an alert of an inner correlation is final and counts. */
    final long reach;
    /** How long after a timespan an event may still arrive. */
    final long slack;
    /** Groups are cleaned up in steps of so long. */
    final long grain;

    final int groupEvents;
    final List<Feed> feeds = new ArrayList<>();

    /**
     * Where its alerts count.
     *
     * @param pulses every event at which the condition holds counts, at once; else each alert, once it is final
     */
    record Feed(Plan outer, Correlation.Inner inner, boolean pulses) {}

    private Plan(Correlation correlation, CorrelationLimits limits, Map<String, Plan> inner) {
        this.correlation = correlation;
        rule = correlation.definition();
        span = rule.timespan().toMillis();
        members = rule.rules().size();
        growing = isGrowing(rule);
        part = switch (rule.type()) {
            case TEMPORAL -> Entries.Part.MEMBER;
            case TEMPORAL_ORDERED -> Entries.Part.MEMBER_BACKWARDS;
            case VALUE_COUNT -> Entries.Part.VALUE;
            case EVENT_COUNT, VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> Entries.Part.NOTHING;
        };
        period = Math.ceilDiv(Math.max(DAY, 8 * span), DAY) * DAY;
        grain = Math.min(MOST_GRAIN, span / 8);
        double threshold = rule.bounds().stream()
                .mapToDouble(SigmaCorrelation.Bound::value)
                .max()
                .orElse(0);
        boolean counts = rule.type() == Type.EVENT_COUNT || rule.type() == Type.VALUE_COUNT;
        groupEvents = Math.max(limits.groupEvents(), counts ? (int) Math.min(threshold, 1 << 19) * 2 : 0);
        long lateness = limits.lateness().toMillis();
        long most = 0;
        for (Correlation.Inner one : correlation.inners()) {
            var plan = inner.get(one.correlation().definition().id());
            if (plan == null) {
                throw new IllegalArgumentException("an inner correlation comes before what counts it");
            }
            boolean temporal = rule.type() == Type.TEMPORAL || rule.type() == Type.TEMPORAL_ORDERED;
            boolean pulses = temporal && plan.growing;
            plan.feeds.add(new Feed(this, one, pulses));
            most = Math.max(most, plan.reach + (pulses ? 0 : plan.span + plan.slack + plan.grain + 2 * lateness));
        }
        reach = most;
        slack = reach + lateness;
    }

    /** The plans of correlations by id, inner ones first. */
    static Map<String, Plan> of(List<Correlation> correlations, CorrelationLimits limits) {
        var plans = new LinkedHashMap<String, Plan>();
        for (Correlation one : correlations) {
            plans.put(one.definition().id(), new Plan(one, limits, plans));
        }
        return plans;
    }

    private static boolean isGrowing(SigmaCorrelation rule) {
        var words = rule.words();
        boolean grows = rule.type() != Type.VALUE_AVG && rule.type() != Type.VALUE_PERCENTILE;
        grows &= words == null || !denies(words);
        for (SigmaCorrelation.Bound bound : rule.bounds()) {
            grows &= bound.operator() == Operator.GT || bound.operator() == Operator.GTE;
        }
        return grows;
    }

    private static boolean denies(Condition words) {
        return switch (words) {
            case Condition.Not not -> true;
            case Condition.All(List<Condition> of) -> of.stream().anyMatch(Plan::denies);
            case Condition.Any(List<Condition> of) -> of.stream().anyMatch(Plan::denies);
            case Condition.Named named -> false;
            case Condition.Several several -> false;
        };
    }

    boolean hasPulses() {
        for (Feed feed : feeds) {
            if (feed.pulses) {
                return true;
            }
        }
        return false;
    }

    long periodOf(long time) {
        return Math.floorDiv(time, period);
    }

    /** What is remembered for another wording is worth nothing. */
    String wording() {
        var wording = new StringBuilder();
        wording.append(rule.type()).append(rule.rules()).append(rule.groupBy()).append(rule.timespan());
        wording.append(rule.fields()).append(rule.bounds()).append(rule.percentile());
        wording.append(rule.words()).append(new TreeMap<>(rule.aliases())).append(correlation.carried());
        correlation
                .inners()
                .forEach(
                        inner -> wording.append(inner.correlation().definition().id()));
        return wording.toString();
    }

    /**
     * Whether the condition holds for a number of rules seen, of events, of values, or for what was computed. A condition in
     * words holds for numbers above zero.
     */
    boolean holds(double value) {
        return switch (rule.type()) {
            case TEMPORAL, TEMPORAL_ORDERED ->
                rule.words() != null ? value > 0 : rule.bounds().isEmpty() ? value >= members : rule.holds(value);
            case EVENT_COUNT, VALUE_COUNT, VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> rule.holds(value);
        };
    }
}
