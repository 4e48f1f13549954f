package io.marsad.soc.identity;

import java.time.Duration;

/** How signing in went. */
public sealed interface SignIn {
    /**
     * Signed in.
     *
     * @param cookie the session cookie's value; shown to the browser only
     */
    record Success(Session session, String cookie) implements SignIn {
        @Override
        public String toString() {
            return "Success[" + session.id() + "]";
        }
    }

    /** Wrong name, password or tenant, or a disabled account: which of them is not said. */
    record Refused() implements SignIn {}

    /**
     * Name and password are right, and the account has an authenticator app.
     *
     * @param wrong whether a code was typed that is not its
     */
    record NeedsCode(boolean wrong) implements SignIn {}

    /** Too many failures for this name, which need not exist: nothing is looked at before the wait is over. */
    record TooMany(Duration retryAfter) implements SignIn {}
}
