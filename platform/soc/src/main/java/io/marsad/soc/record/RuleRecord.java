package io.marsad.soc.record;

import java.math.BigDecimal;

/**
 * How one version of a rule has done.
 *
 * @param ruleId the rule's own id
 * @param version what of the rule the outcomes are about; empty when it is not known
 * @param proof whether its samples prove it
 */
public record RuleRecord(String ruleId, String version, Proof proof, Outcomes outcomes) {
    /** From how many outcomes on a record may ask for a rule to be tuned. */
    public static final int ENOUGH = 20;

    /** Whether samples that must fire and samples that must not are there and hold. */
    public enum Proof {
        TESTED,
        UNTESTED,
        /** A rule of another product: there is nothing that we could test. */
        UNKNOWN
    }

    /** A rule of which nothing is known. */
    public static RuleRecord unknown(String ruleId) {
        return new RuleRecord(ruleId, "", Proof.UNKNOWN, Outcomes.NONE);
    }

    /** {@code ID@VERSION}. */
    public String key() {
        return version.isEmpty() ? ruleId : ruleId + '@' + version;
    }

    /** How many of its alerts were attacks. */
    public Rate precision() {
        return Rate.of(outcomes.truePositives(), outcomes.size());
    }

    /** How many of its alerts were not what it looks for. */
    public Rate falsePositiveRate() {
        return Rate.of(outcomes.falsePositives(), outcomes.size());
    }

    /** Whether so many of at least {@link #ENOUGH} alerts were false that people should be told. */
    public boolean asksForTuning(BigDecimal mostFalse) {
        var most = mostFalse.multiply(BigDecimal.valueOf(outcomes.size()));
        return outcomes.size() >= ENOUGH
                && BigDecimal.valueOf(outcomes.falsePositives()).compareTo(most) > 0;
    }
}
