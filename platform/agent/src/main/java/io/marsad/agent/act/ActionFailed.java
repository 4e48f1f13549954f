package io.marsad.agent.act;

/** It was not done, for certain; the message says why, for people. */
public final class ActionFailed extends Exception {
    private static final long serialVersionUID = 1;

    public ActionFailed(String message) {
        super(message);
    }

    public ActionFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
