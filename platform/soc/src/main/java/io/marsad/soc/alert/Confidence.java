package io.marsad.soc.alert;

import io.marsad.soc.intel.Fusion;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.record.Prior;
import io.marsad.soc.record.RuleRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How sure it is that an alert is an attack, with everything that says so, in order; the contributions sum exactly to the
 * score.
 *
 * <p>Witnesses are the rule's own record and the signals of intelligence. The score is 100 times their weighted mean
 * {@code Σ(norm × weight) / Σ weight}, rounded up in the second decimal, times {@link #UNTESTED} for a rule that no sample
 * proves. A rule without a record is no witness where intelligence speaks; where nothing else does, its level is all there
 * is, which is no measurement ({@link #measured}). A contribution is what the rounded sum up to it is more than the one
 * before it: thus nothing is lost in rounding.
 *
 * @param score 0 to 100, two decimals
 */
public record Confidence(BigDecimal score, Label label, List<Step> chain) {
    /** What the score of a rule without a proof is multiplied with. */
    public static final BigDecimal UNTESTED = new BigDecimal("0.8");

    /** The weight of a rule's record that is endless; of a record of n it is this times {@code n / (n + 20)}. */
    static final BigDecimal RECORD_WEIGHT = new BigDecimal("0.5");

    private static final int SCALE = 2;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** A score as a word, and as the number that OCSF has for it ({@code confidence_id}). */
    public enum Label {
        /** Nothing speaks for or against it. */
        UNKNOWN(0),
        LOW(1),
        /** 50 and more. */
        MEDIUM(2),
        /** 80 and more. */
        HIGH(3);

        private final int ocsfId;

        Label(int ocsfId) {
            this.ocsfId = ocsfId;
        }

        public int ocsfId() {
            return ocsfId;
        }

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Label of(BigDecimal score) {
            return score.compareTo(BigDecimal.valueOf(80)) >= 0
                    ? HIGH
                    : score.compareTo(BigDecimal.valueOf(50)) >= 0 ? MEDIUM : LOW;
        }
    }

    /** What a step of the chain is. */
    public enum Kind {
        RULE,
        INTEL,
        FACTOR;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One piece of evidence.
     *
     * @param source who says it: a rule's id and version, or a source of intelligence
     * @param claim what it says
     * @param norm of a witness 0 to 1; of a factor what the sum is multiplied with
     * @param weight 0 for what does not count, and for factors
     * @param contribution to the score; negative for what lowers it
     */
    public record Step(
            Kind kind, String source, String claim, BigDecimal norm, BigDecimal weight, BigDecimal contribution) {}

    public Confidence {
        chain = List.copyOf(chain);
        var sum = chain.stream().map(Step::contribution).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(score) != 0) {
            throw new IllegalArgumentException("contributions sum to " + sum + ", not to " + score);
        }
    }

    /** 0 to 1, four decimals. */
    public BigDecimal fraction() {
        return score.movePointLeft(2).setScale(SCALE + 2);
    }

    /**
     * The confidence of an alert; the same for any order of the signals.
     *
     * @param rule what became of the alerts that it raised before
     */
    public static Confidence of(Severity severity, RuleRecord rule, List<Signal> signals) {
        return of(record(severity, rule, signals.isEmpty()), rule, signals);
    }

    /** The same without what a level alone says: 0 and unknown when there is neither a record nor intelligence. */
    public static Confidence measured(Severity severity, RuleRecord rule, List<Signal> signals) {
        return of(record(severity, rule, false), rule, signals);
    }

    private static Confidence of(Step record, RuleRecord rule, List<Signal> signals) {
        var witnesses = new ArrayList<Step>();
        witnesses.add(record);
        for (Signal signal : signals.stream().sorted(Signal.ORDER).toList()) {
            witnesses.add(witness(
                    Kind.INTEL,
                    signal.source(),
                    signal.field() + " is " + signal.value(),
                    signal.norm(),
                    signal.weight()));
        }
        var chain = summed(witnesses);
        var score = chain.stream().map(Step::contribution).reduce(zero(), BigDecimal::add);
        boolean measured = witnesses.stream().anyMatch(step -> step.weight.signum() > 0);
        if (rule.proof() == RuleRecord.Proof.UNTESTED && measured) {
            var lowered = score.multiply(UNTESTED).setScale(SCALE, RoundingMode.CEILING);
            chain.add(new Step(
                    Kind.FACTOR,
                    rule.key(),
                    "the rule is untested: times " + UNTESTED,
                    UNTESTED,
                    BigDecimal.ZERO,
                    lowered.subtract(score)));
            score = lowered;
        }
        return new Confidence(score, measured ? Label.of(score) : Label.UNKNOWN, chain);
    }

    /** What a level says of a rule without a record. */
    public static Prior prior(Severity severity) {
        return switch (severity) {
            case INFORMATIONAL -> new Prior(1, 4);
            case LOW -> new Prior(1, 2);
            case MEDIUM -> new Prior(1, 1);
            case HIGH -> new Prior(3, 2);
            case CRITICAL -> new Prior(4, 1);
        };
    }

    private static Step record(Severity severity, RuleRecord rule, boolean levelSpeaks) {
        var outcomes = rule.outcomes();
        var norm = prior(severity).mean(outcomes);
        if (outcomes.size() > 0) {
            var size = BigDecimal.valueOf(outcomes.size());
            var weight = RECORD_WEIGHT
                    .multiply(size)
                    .divide(size.add(BigDecimal.valueOf(RuleRecord.ENOUGH)), Signal.SCALE, RoundingMode.HALF_UP)
                    .stripTrailingZeros();
            var claim = "of " + outcomes.size() + " alerts of the rule " + outcomes.truePositives() + " were attacks: "
                    + rule.precision();
            return witness(Kind.RULE, rule.key(), claim, norm, weight);
        }
        return levelSpeaks
                ? witness(
                        Kind.RULE,
                        rule.key(),
                        "the rule's level is " + severity.word() + ", and nothing else is known",
                        norm,
                        RECORD_WEIGHT)
                : witness(
                        Kind.RULE,
                        rule.key(),
                        "the rule's precision is not measured",
                        BigDecimal.ZERO,
                        BigDecimal.ZERO);
    }

    private static Step witness(Kind kind, String source, String claim, BigDecimal norm, BigDecimal weight) {
        return new Step(kind, source, claim, norm, weight, zero());
    }

    /** With contributions: each is what the mean's rounded sum grows by. */
    private static List<Step> summed(List<Step> witnesses) {
        var weights = witnesses.stream().map(Step::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
        var chain = new ArrayList<Step>();
        var sum = BigDecimal.ZERO;
        var before = zero();
        for (Step step : witnesses) {
            sum = sum.add(step.norm.multiply(step.weight));
            var after = weights.signum() == 0
                    ? zero()
                    : sum.divide(weights, Fusion.SCALE, RoundingMode.CEILING)
                            .multiply(HUNDRED)
                            .setScale(SCALE, RoundingMode.UNNECESSARY);
            chain.add(new Step(step.kind, step.source, step.claim, step.norm, step.weight, after.subtract(before)));
            before = after;
        }
        return chain;
    }

    private static BigDecimal zero() {
        return BigDecimal.ZERO.setScale(SCALE);
    }
}
