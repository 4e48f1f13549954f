package io.marsad.soc.report;

import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.decision.service.ThresholdPreview.Change;
import io.marsad.soc.decision.service.ThresholdReplay;
import io.marsad.soc.record.Rate;
import io.marsad.soc.report.ThresholdAdvice.Name;
import io.marsad.soc.report.ThresholdAdvice.NotSuggested;
import io.marsad.soc.report.ThresholdAdvice.Suggested;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tries each hundredth of each threshold on the past and says which of them that speaks for. Stateless. */
final class Advisor {
    /** So many judged alerts that would be decided otherwise it takes at least. */
    static final int ENOUGH = 20;
    /** At most so many of those that nobody looks at any more may be attacks, by the upper end of the interval. */
    static final BigDecimal MOST_MISSED = new BigDecimal("0.05");
    /** At least so many of those that are closed have to be attacks for less to be closed, by the lower end. */
    static final BigDecimal LEAST_MISSED = new BigDecimal("0.05");
    /** At least so many of those that are escalated have to be attacks for more to be escalated, by the lower end. */
    static final BigDecimal LEAST_ESCALATED = new BigDecimal("0.50");

    private static final BigDecimal STEP = new BigDecimal("0.01");

    private Advisor() {}

    /** What becomes more or less. */
    private enum Kind {
        CLOSE_LESS("closed no more", change -> change.from() == Ruling.AUTO_CLOSE),
        ESCALATE_MORE("escalated", change -> change.to() == Ruling.ESCALATE),
        CLOSE_MORE("closed", change -> change.to() == Ruling.AUTO_CLOSE),
        ESCALATE_LESS("escalated no more", change -> change.from() == Ruling.ESCALATE);

        final String words;
        final Predicate<Change> of;

        Kind(String words, Predicate<Change> of) {
            this.words = words;
            this.of = of;
        }

        /** Null: supported; or else what is missing. */
        @Nullable
        String objection(int judged, int attacks) {
            if (judged < ENOUGH) {
                return "at least " + ENOUGH + " have to be judged";
            }
            var rate = Rate.of(attacks, judged);
            return switch (this) {
                case CLOSE_LESS ->
                    rate.low().compareTo(LEAST_MISSED) >= 0
                            ? null
                            : "the lower end for attacks is under " + LEAST_MISSED;
                case ESCALATE_MORE ->
                    rate.low().compareTo(LEAST_ESCALATED) >= 0
                            ? null
                            : "the lower end for attacks is under " + LEAST_ESCALATED;
                case CLOSE_MORE, ESCALATE_LESS -> {
                    if (attacks > 0) {
                        yield attacks == 1 ? "one of them was an attack" : "some of them were attacks";
                    }
                    yield rate.high().compareTo(MOST_MISSED) <= 0
                            ? null
                            : "the upper end for attacks is over " + MOST_MISSED;
                }
            };
        }
    }

    /**
     * One value, tried.
     *
     * @param alerts that it decides otherwise
     * @param caught attacks that people would see, or see sooner
     * @param objection null when it is supported
     */
    private record Tried(
            BigDecimal value,
            Thresholds thresholds,
            BigDecimal distance,
            int alerts,
            int judged,
            int caught,
            String why,
            @Nullable String objection) {}

    static ThresholdAdvice advise(ThresholdReplay replay) {
        var suggested = new ArrayList<Suggested>();
        var not = new ArrayList<NotSuggested>();
        for (Name name : Name.values()) {
            var settings = replay.settings();
            if (name == Name.CLOSE && settings.stop() != null) {
                not.add(new NotSuggested(name, "the kill switch is thrown: nothing is closed, whatever this says"));
                continue;
            }
            var tried = tries(replay, name);
            var best = tried.stream()
                    .filter(one -> one.objection == null)
                    .min(Comparator.comparingInt((Tried one) -> -one.caught)
                            .thenComparingInt(one -> one.caught > 0 ? 0 : -one.alerts)
                            .thenComparing(Tried::distance)
                            .thenComparing(Tried::value))
                    .orElse(null);
            if (best == null) {
                not.add(new NotSuggested(name, why(tried)));
            } else {
                suggested.add(new Suggested(
                        name,
                        value(settings.thresholds(), name),
                        best.value,
                        best.thresholds,
                        best.why,
                        replay.preview(best.thresholds)));
            }
        }
        return new ThresholdAdvice(
                replay.settings(), replay.decided(), replay.looked(), replay.judged(), suggested, not);
    }

    private static String why(List<Tried> tried) {
        return tried.stream()
                .min(Comparator.comparingInt((Tried one) -> -one.judged)
                        .thenComparing(Tried::distance)
                        .thenComparing(Tried::value))
                .map(one -> "nearest is " + one.value + ": " + one.why + "; " + one.objection)
                .orElse("no other value would have decided anything otherwise");
    }

    private static List<Tried> tries(ThresholdReplay replay, Name name) {
        var set = replay.settings().thresholds();
        var now = value(set, name);
        var open = replay.between(with(set, name, least(name)), with(set, name, most(name)));
        var all = new ArrayList<Tried>();
        for (var value = least(name); value.compareTo(most(name)) <= 0; value = value.add(STEP)) {
            var thresholds = with(set, name, value);
            var changes = open.changes(thresholds);
            if (!changes.isEmpty()) {
                all.add(tried(value, thresholds, value.subtract(now).abs(), changes));
            }
        }
        return all;
    }

    private static Tried tried(BigDecimal value, Thresholds thresholds, BigDecimal distance, List<Change> changes) {
        int caught = 0;
        String objection = null;
        var why = new ArrayList<String>();
        for (Kind kind : Kind.values()) {
            var of = changes.stream().filter(kind.of).toList();
            int alerts = of.stream().mapToInt(Change::alerts).sum();
            if (alerts == 0) {
                continue;
            }
            int judged = of.stream().mapToInt(Advisor::judged).sum();
            int attacks = of.stream().mapToInt(Change::truePositives).sum();
            if (kind == Kind.CLOSE_LESS || kind == Kind.ESCALATE_MORE) {
                caught = Math.max(caught, attacks);
            }
            why.add(alerts + " more " + kind.words + ", " + judged + " of these judged, attacks among them "
                    + Rate.of(attacks, judged));
            if (objection == null) {
                objection = kind.objection(judged, attacks);
            }
        }
        return new Tried(
                value,
                thresholds,
                distance,
                changes.stream().mapToInt(Change::alerts).sum(),
                changes.stream().mapToInt(Advisor::judged).sum(),
                caught,
                String.join("; ", why),
                objection);
    }

    private static int judged(Change change) {
        return change.truePositives() + change.benign() + change.falsePositives();
    }

    private static BigDecimal value(Thresholds thresholds, Name name) {
        return switch (name) {
            case CLOSE -> thresholds.close();
            case ESCALATE -> thresholds.escalate();
            case MODEL -> thresholds.model();
        };
    }

    /** A threshold for closing is one that closes: that it is off is what may be suggested to change. */
    private static Thresholds with(Thresholds set, Name name, BigDecimal value) {
        return switch (name) {
            case CLOSE -> new Thresholds(set.escalate(), value, set.model(), true);
            case ESCALATE -> new Thresholds(value, set.close(), set.model(), set.autoClose());
            case MODEL -> new Thresholds(set.escalate(), set.close(), value, set.autoClose());
        };
    }

    private static BigDecimal least(Name name) {
        return switch (name) {
            case CLOSE -> new BigDecimal("0.00");
            case ESCALATE -> Thresholds.LOWEST_ESCALATE;
            case MODEL -> Thresholds.LOWEST_MODEL;
        };
    }

    private static BigDecimal most(Name name) {
        return switch (name) {
            case CLOSE -> Thresholds.HIGHEST_CLOSE;
            case ESCALATE, MODEL -> BigDecimal.ONE;
        };
    }
}
