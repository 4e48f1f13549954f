package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.passkey.RelyingParty;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Under which domain passkeys are made and used: the configured origin. Where none is configured, only a browser on this
 * machine can use some, at {@code localhost} with the port that is listened on; what a request says of its host is
 * believed no further, because a passkey is as good as the domain that it is bound to.
 */
final class Origins {
    private final @Nullable RelyingParty configured;

    Origins(@Nullable URI origin) {
        this.configured = origin == null ? null : new RelyingParty(origin.getHost(), origin.toString());
    }

    /** @throws io.marsad.kernel.problem.ProblemException 409 {@code passkeys-unavailable}, with what helps */
    RelyingParty of(Exchange exchange) {
        if (configured != null) {
            return configured;
        }
        var host = exchange.header("Host");
        int port = exchange.localPort();
        var scheme = exchange.secure() ? "https://" : "http://";
        var local = port == (exchange.secure() ? 443 : 80) ? "localhost" : "localhost:" + port;
        if (host == null || !host.toLowerCase(Locale.ROOT).equals(local)) {
            throw Problem.conflict(
                            "passkeys-unavailable",
                            "Passkeys are bound to a domain: open " + scheme + local
                                    + " on this machine, or set http.origin to the address that browsers use.")
                    .asException();
        }
        return new RelyingParty("localhost", scheme + local);
    }
}
