package io.marsad.soc.report;

import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.decision.service.Settings;
import io.marsad.soc.decision.service.ThresholdPreview;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Which thresholds the past speaks for, and for which it does not. Nothing is put in force by itself.
 *
 * @param now what is in force now
 * @param looked at how many decisions of the 30 days before the week's end it was tried
 * @param judged how many of these have a verdict that says what the alert was
 */
public record ThresholdAdvice(
        Settings now,
        long decided,
        int looked,
        int judged,
        List<Suggested> suggested,
        List<NotSuggested> notSuggested) {
    /** As people are told it; the numbers are those of {@link Advisor}. */
    public static final String CRITERION =
            "Another value is suggested only when at least 20 of the alerts that it decides otherwise were judged, and:"
                    + " to close more or to escalate less, none of them was an attack and the upper end of the interval is"
                    + " at most 0.05 (which takes 73 judged); to close less, the lower end for attacks is at least 0.05;"
                    + " to escalate more, it is at least 0.50.";

    public ThresholdAdvice {
        suggested = List.copyOf(suggested);
        notSuggested = List.copyOf(notSuggested);
    }

    /** Which of the numbers. */
    public enum Name {
        CLOSE,
        ESCALATE,
        MODEL;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A value that the past speaks for.
     *
     * @param thresholds all of them, with it
     * @param why with the numbers
     * @param effect what they would have decided in the 30 days
     */
    public record Suggested(
            Name name, BigDecimal from, BigDecimal to, Thresholds thresholds, String why, ThresholdPreview effect) {}

    /** @param why with the numbers */
    public record NotSuggested(Name name, String why) {}
}
