package io.marsad.db.vault;

/** A key is missing, or a secret was changed or moved; the message says what to do and holds no secret. */
public final class VaultException extends RuntimeException {
    public VaultException(String message) {
        super(message);
    }

    public VaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
