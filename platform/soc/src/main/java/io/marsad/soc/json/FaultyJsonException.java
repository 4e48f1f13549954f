package io.marsad.soc.json;

/** What should be JSON is none, or more than is read; the message says what is wrong and where, without pieces of it. */
public final class FaultyJsonException extends Exception {
    private static final long serialVersionUID = 1;

    public FaultyJsonException(String message) {
        super(message);
    }
}
