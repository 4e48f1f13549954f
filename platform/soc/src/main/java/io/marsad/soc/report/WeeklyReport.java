package io.marsad.soc.report;

import io.marsad.soc.decision.Ruling;
import io.marsad.soc.record.OutcomeRows.Version;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.Rate;
import io.marsad.soc.record.Tuning;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was decided in one week, and what people made of it by now.
 *
 * @param complete whether the week is over
 * @param model empty when none was asked
 */
public record WeeklyReport(
        Week week,
        boolean complete,
        Decided decided,
        Closed closed,
        Rules rules,
        ThresholdAdvice thresholds,
        List<ModelUse> model) {
    /** How far back the records of rules go from the end of the week. */
    public static final int DAYS = 90;

    public WeeklyReport {
        model = List.copyOf(model);
    }

    /**
     * By what was decided how.
     *
     * @param times null when nothing was decided
     */
    public record Decided(
            List<Lane> lanes,
            @Nullable Times times,
            @Nullable Times timesBefore) {
        public Decided {
            lanes = List.copyOf(lanes);
        }

        /** Of all lanes, or of those with the ruling. */
        public long sum(@Nullable Ruling ruling, ToLongFunction<Lane> of) {
            return lanes.stream()
                    .filter(lane -> ruling == null || lane.ruling == ruling)
                    .mapToLong(of)
                    .sum();
        }

        /** How many of those that people looked at they changed. */
        public Rate overridden(@Nullable Ruling ruling) {
            return Rate.of(sum(ruling, Lane::changed), sum(ruling, Lane::lookedAt));
        }
    }

    /**
     * What one named rule, reason or the model decided.
     *
     * @param name the named rule; where none decided why it was left to a person, or {@code model}
     * @param before in the week before
     * @param lookedAt a person overrode it or gave a verdict on the alert
     * @param changed a person's last word is another decision
     */
    public record Lane(Ruling ruling, String name, long count, long before, long lookedAt, long changed) {
        public Rate overridden() {
            return Rate.of(changed, lookedAt);
        }
    }

    /** From the alert to its decision, in milliseconds. */
    public record Times(long median, long p95, long most) {}

    /**
     * What was closed without a person, and what checks say of that.
     *
     * @param closed how many
     * @param closedAttacks of these, found to be attacks since
     * @param sampled would have been closed, and were left open to be checked
     * @param judged of the sampled ones, with a verdict that says what they were
     * @param attacks of the judged ones
     */
    public record Closed(long closed, long closedAttacks, long sampled, long judged, long attacks) {
        public Rate missed() {
            return Rate.of(attacks, judged);
        }

        /** How many of the closed ones may have been attacks: by the upper end of the interval. */
        public long atMost() {
            var most = missed().high().multiply(BigDecimal.valueOf(closed)).setScale(0, RoundingMode.CEILING);
            return Math.max(closedAttacks, most.longValueExact());
        }
    }

    /**
     * Alerts and what became of them.
     *
     * @param overridden decisions that people changed
     */
    public record Counts(
            long fired, long escalated, long autoClosed, long reviewed, long overridden, Outcomes outcomes) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, Outcomes.NONE);

        public Rate falsePositives() {
            return Rate.of(outcomes.falsePositives(), outcomes.size());
        }

        Counts minus(Counts other) {
            return new Counts(
                    fired - other.fired,
                    escalated - other.escalated,
                    autoClosed - other.autoClosed,
                    reviewed - other.reviewed,
                    overridden - other.overridden,
                    new Outcomes(
                            outcomes.truePositives() - other.outcomes.truePositives(),
                            outcomes.benign() - other.outcomes.benign(),
                            outcomes.falsePositives() - other.outcomes.falsePositives()));
        }

        Counts plus(Counts other) {
            return new Counts(
                    fired + other.fired,
                    escalated + other.escalated,
                    autoClosed + other.autoClosed,
                    reviewed + other.reviewed,
                    overridden + other.overridden,
                    outcomes.plus(other.outcomes));
        }
    }

    /**
     * The versions of rules that fired in {@link #DAYS} days, what costs people the most first.
     *
     * @param all how many versions there are
     * @param week of all of them
     * @param days of all of them
     */
    public record Rules(List<RuleRow> shown, long all, Counts week, Counts days) {
        public Rules {
            shown = List.copyOf(shown);
        }

        /** Of those in the week that are not shown. */
        public Counts othersInWeek() {
            return week.minus(shown.stream().map(RuleRow::week).reduce(Counts.NONE, Counts::plus));
        }

        /** Of those that are not shown. */
        public Counts others() {
            return days.minus(shown.stream().map(RuleRow::days).reduce(Counts.NONE, Counts::plus));
        }
    }

    /**
     * One version of a rule.
     *
     * @param title empty when it is not known
     * @param days of {@link #DAYS} days, the week among them
     * @param tuning what its record asks for
     */
    public record RuleRow(Version version, String title, Counts week, Counts days, Tuning tuning) {
        /**
         * What it costs people: how many of the week's alerts are false, going by the rate of {@link #DAYS} days; one
         * decimal. Null when that is not measured.
         */
        public @Nullable BigDecimal falseAlerts() {
            var rate = days.falsePositives();
            return rate.measured()
                    ? BigDecimal.valueOf(rate.hits())
                            .multiply(BigDecimal.valueOf(week.fired()))
                            .divide(BigDecimal.valueOf(rate.size()), 1, RoundingMode.HALF_UP)
                    : null;
        }
    }

    /**
     * What one model was asked with one version of the prompt.
     *
     * @param model empty when it never answered
     * @param said sound answers or not, of so many calls
     * @param failed too late, refused, steered, or not to be had
     * @param overBudget not asked, because what may be used in a day was used
     * @param verdicts alerts that were decided by what it said
     * @param lookedAt of these, looked at by people
     * @param changed of these, changed
     */
    public record ModelUse(
            String model,
            String promptVersion,
            long calls,
            long said,
            long failed,
            long overBudget,
            long tokens,
            long verdicts,
            long lookedAt,
            long changed) {
        public Rate overridden() {
            return Rate.of(changed, lookedAt);
        }
    }
}
