package io.marsad.soc.decision;

import java.util.Locale;

/** Why an alert was put before a person. */
public enum ReviewReason {
    /** Every source that was asked failed. */
    ENRICHMENT_FAILED,
    /** The indicator is of a type that is not known, or its value none of its type. */
    UNKNOWN_INDICATOR,
    /** The alert has text that speaks to a model. */
    INJECTION_SUSPECTED,
    /** The rules leave it open, and there is no judge. */
    NO_JUDGE,
    /** The judge did not answer in time. */
    LLM_TIMEOUT,
    /** The judge would not answer. */
    LLM_REFUSED,
    /** The judge could not be asked. */
    LLM_FAILED,
    /** What the judge may be asked in a day is used up. */
    LLM_BUDGET,
    /** What the judge said is not as the schema wants it. */
    LLM_BAD_ANSWER,
    /** The judge says, or shows, that somebody tries to steer it. */
    LLM_INJECTION,
    /** The judge is not sure enough. */
    LLM_LOW_CONFIDENCE,
    /** The judge wants a person. */
    LLM_UNDECIDED,
    /** It would have been closed, but {@link CloseGuard} objects. */
    GUARD_REFUSED_CLOSE;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
