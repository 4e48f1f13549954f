package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.problem.Problem;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where sign-in providers send browsers back to: below the origin by which browsers reach the console. Immutable. */
public final class CallbackAddress {
    private static final String PATH = "/v1/auth/callback";

    private final Origins origins;

    /** @param origin that browsers use, or null where only those on this machine may sign in so */
    public CallbackAddress(@Nullable URI origin) {
        this.origins = new Origins(origin);
    }

    /** Null where the request came by a name that no browser is sent back to. */
    @Nullable
    String find(Exchange exchange) {
        var party = origins.find(exchange);
        return party == null ? null : party.origin() + PATH;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 409 {@code sign-on-unavailable}, with what helps */
    String require(Exchange exchange) {
        var address = find(exchange);
        if (address == null) {
            throw Problem.conflict(
                            "sign-on-unavailable",
                            "A sign-in provider sends browsers back to one address only: open "
                                    + origins.local(exchange)
                                    + " on this machine, or set http.origin to the address that browsers use.")
                    .asException();
        }
        return address;
    }
}
