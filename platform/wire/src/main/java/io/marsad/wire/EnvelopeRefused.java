package io.marsad.wire;

/** What is in an envelope is not to be done. The message is fit for a log: it has nothing of what the envelope says. */
public final class EnvelopeRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why, for counting. */
    public enum Reason {
        /** Not an envelope with what is expected. */
        MALFORMED,
        /** No signature by a key that is trusted now. */
        UNTRUSTED,
        /** Signed for another tenant. */
        OTHER_TENANT,
        /** Signed for somebody else. */
        OTHER_TARGET,
        /** Its time is over, or has not come. */
        EXPIRED,
        /** It was here before. */
        REPLAYED,
        /** One that is newer is in force. */
        ROLLED_BACK
    }

    public EnvelopeRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
