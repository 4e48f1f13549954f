package io.marsad.db.outbox;

/** Somebody else does by now what was claimed. */
public final class ClaimLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClaimLostException(Claim claim) {
        super("what the queue " + claim.queue() + " of " + claim.tenant() + " had to do was given to somebody else");
    }
}
