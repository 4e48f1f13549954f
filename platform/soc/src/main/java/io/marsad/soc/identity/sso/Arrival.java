package io.marsad.soc.identity.sso;

import io.marsad.soc.identity.SignIn;
import java.util.List;
import java.util.UUID;

/** How a browser came back from its provider. */
public sealed interface Arrival {
    /** Signed in. @param to where it was going: a path of the console */
    record SignedIn(SignIn.Success success, String to) implements Arrival {}

    /**
     * Not signed in.
     *
     * @param endedSessions that went with what the provider says now
     */
    record Refused(Reason reason, List<UUID> endedSessions) implements Arrival {
        public Refused {
            endedSessions = List.copyOf(endedSessions);
        }
    }

    /** What people are told of it; the tenant's audit log has more. */
    enum Reason {
        /** Nobody began this sign-in in this browser within ten minutes, or it is over. */
        STALE,
        /** The provider let nobody in. */
        DECLINED,
        /** The provider cannot be asked. */
        UNAVAILABLE,
        /** What the provider says of somebody is not to be believed. */
        INVALID,
        /** The provider lets them in, but nothing gives them a role here; or they are disabled. */
        NO_ACCESS;

        /** As the address says it: {@code no-access}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
