package io.marsad.respond.run;

/** A value cannot be put where it is wanted; the message says why. */
final class RenderException extends Exception {
    private static final long serialVersionUID = 1;

    RenderException(String message) {
        super(message);
    }
}
