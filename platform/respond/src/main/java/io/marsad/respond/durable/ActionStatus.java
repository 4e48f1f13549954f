package io.marsad.respond.durable;

import java.util.Locale;

/** How an action stands. What was simulated is never completed. */
public enum ActionStatus {
    REQUESTED,
    AWAITING_APPROVAL,
    /** It was begun; what came of it is not known yet. */
    DISPATCHED,
    COMPLETED,
    FAILED,
    SIMULATED,
    /** It was begun, and nobody can say what came of it. */
    UNKNOWN,
    ROLLED_BACK,
    /** Somebody who had to agree did not, or the policy does not have it done. */
    REFUSED,
    /** Nobody agreed in time. */
    EXPIRED,
    /** Whoever asked does not want it any more. */
    WITHDRAWN;

    /** As it is kept and shown. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ActionStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
