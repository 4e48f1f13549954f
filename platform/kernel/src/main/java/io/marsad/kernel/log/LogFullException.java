package io.marsad.kernel.log;

/** The log has no room; the sender is answered 429 with Retry-After. */
public final class LogFullException extends Exception {
    private final transient long retryAfterMillis;

    public LogFullException(String message, long retryAfterMillis) {
        super(message);
        this.retryAfterMillis = retryAfterMillis;
    }

    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
