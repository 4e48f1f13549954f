package io.marsad.soc.identity.sso;

/** A provider did not answer as it should. The message is for who administers it. */
final class ProviderFault extends Exception {
    private static final long serialVersionUID = 1;

    ProviderFault(String message) {
        super(message);
    }

    ProviderFault(String message, Throwable cause) {
        super(message, cause);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
