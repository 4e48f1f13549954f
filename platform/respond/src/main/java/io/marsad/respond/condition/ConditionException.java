package io.marsad.respond.condition;

/** A condition cannot be read, or cannot be answered; the message says why. */
public final class ConditionException extends Exception {
    private static final long serialVersionUID = 1;

    public ConditionException(String message) {
        super(message);
    }
}
