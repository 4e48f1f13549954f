package io.marsad.soc.record;

/**
 * What people found a rule's alerts to be. Only what a person decided or audited counts; tests, duplicates and alerts that
 * nobody has decided are not in it.
 *
 * @param truePositives an attack
 * @param benign what the rule looks for, but allowed
 * @param falsePositives not what the rule looks for
 */
public record Outcomes(long truePositives, long benign, long falsePositives) {
    public static final Outcomes NONE = new Outcomes(0, 0, 0);

    private static final long MOST = 1_000_000_000_000L;

    public Outcomes {
        if (Math.min(truePositives, Math.min(benign, falsePositives)) < 0
                || Math.max(truePositives, Math.max(benign, falsePositives)) > MOST) {
            throw new IllegalArgumentException("counts are 0 to " + MOST);
        }
    }

    /** How many there are. */
    public long size() {
        return truePositives + benign + falsePositives;
    }

    public Outcomes plus(Outcomes other) {
        return new Outcomes(
                truePositives + other.truePositives, benign + other.benign, falsePositives + other.falsePositives);
    }
}
