package io.marsad.soc.correlate.securityalert;

/** What was given is no alert: the message names the field and what is wrong with it. */
public final class SecurityAlertException extends Exception {
    private static final long serialVersionUID = 1L;

    SecurityAlertException(String message) {
        super(message);
    }
}
