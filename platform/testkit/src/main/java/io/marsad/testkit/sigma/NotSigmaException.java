package io.marsad.testkit.sigma;

/** The text is no rule that the specification allows, or one that it says has to be refused. */
public final class NotSigmaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotSigmaException(String reason) {
        super(reason);
    }
}
