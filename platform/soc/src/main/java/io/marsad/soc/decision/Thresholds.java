package io.marsad.soc.decision;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where decisions change; each number itself belongs to the side that it names.
 *
 * @param escalate from this confidence on an alert may be escalated without a person
 * @param close up to this confidence it may be closed without one
 * @param model how sure a judge has to be at least
 * @param autoClose whether anything is closed without a person at all: the kill switch
 */
public record Thresholds(BigDecimal escalate, BigDecimal close, BigDecimal model, boolean autoClose) {
    /** Above this nothing is closed by itself, whatever is configured: there the level of risk is medium. */
    public static final BigDecimal HIGHEST_CLOSE = new BigDecimal("0.34");
    /** A judge that is less sure than a coin is not asked to decide. */
    public static final BigDecimal LOWEST_MODEL = new BigDecimal("0.50");
    /** Below this nothing is escalated by itself, whatever is configured: there the level of risk is low. */
    public static final BigDecimal LOWEST_ESCALATE = new BigDecimal("0.35");

    private static final Set<String> NAMES = Set.of("escalate", "close", "model");
    private static final int SCALE = 4;

    public static final Thresholds DEFAULT =
            new Thresholds(new BigDecimal("0.85"), new BigDecimal("0.15"), new BigDecimal("0.60"), true);

    /** @throws IllegalArgumentException when a number is out of its bounds */
    public Thresholds {
        requireBetween("escalate", escalate, LOWEST_ESCALATE, BigDecimal.ONE);
        requireBetween("close", close, BigDecimal.ZERO, HIGHEST_CLOSE);
        requireBetween("model", model, LOWEST_MODEL, BigDecimal.ONE);
    }

    private static void requireBetween(String name, BigDecimal value, BigDecimal least, BigDecimal most) {
        if (value.compareTo(least) < 0
                || value.compareTo(most) > 0
                || value.stripTrailingZeros().scale() > SCALE) {
            throw new IllegalArgumentException("the threshold " + name + " is a number from " + least + " to " + most
                    + " with at most four decimals");
        }
    }

    /**
     * The defaults with what {@code escalate=0.85,close=0.15,model=0.6} names in their place.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Thresholds parse(String text) {
        Map<String, BigDecimal> given = new HashMap<>();
        for (String one : text.split(",", -1)) {
            int equal = one.indexOf('=');
            var name = one.substring(0, Math.max(equal, 0)).strip();
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("thresholds are escalate=, close= and model=, with a comma between");
            }
            var number = one.substring(equal + 1).strip();
            if (!number.matches("[0-9]{0,3}(\\.[0-9]{1,10})?") || number.isEmpty()) {
                throw new IllegalArgumentException("the threshold " + name + " is no number");
            }
            if (given.put(name, new BigDecimal(number)) != null) {
                throw new IllegalArgumentException("the threshold " + name + " is given twice");
            }
        }
        return new Thresholds(
                given.getOrDefault("escalate", DEFAULT.escalate),
                given.getOrDefault("close", DEFAULT.close),
                given.getOrDefault("model", DEFAULT.model),
                true);
    }

    /** The same with closing switched on. */
    Thresholds withAutoClose() {
        return new Thresholds(escalate, close, model, true);
    }

    /** The same with the kill switch thrown. */
    public Thresholds withoutAutoClose() {
        return new Thresholds(escalate, close, model, false);
    }
}
