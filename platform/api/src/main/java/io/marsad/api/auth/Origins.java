package io.marsad.api.auth;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.passkey.RelyingParty;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Under which domain passkeys are made and used, and sign-in providers send browsers back to: the configured origin. Where none is configured, only a browser on this
 * machine can use some, at {@code localhost} with the port that is listened on; what a request says of its host is
 * believed no further, because a passkey is as good as the domain that it is bound to.
 */
final class Origins {
    private final @Nullable RelyingParty configured;

    Origins(@Nullable URI origin) {
        this.configured = origin == null ? null : new RelyingParty(origin.getHost(), origin.toString());
    }

    /** Null where the request came by a name that is neither. */
    @Nullable
    RelyingParty find(Exchange exchange) {
        if (configured != null) {
            return configured;
        }
        var host = exchange.header("Host");
        var local = local(exchange);
        return host != null && local.equals(scheme(exchange) + host.toLowerCase(Locale.ROOT))
                ? new RelyingParty("localhost", local)
                : null;
    }

    /** As a browser on this machine has it. */
    String local(Exchange exchange) {
        int port = exchange.localPort();
        return scheme(exchange) + (port == (exchange.secure() ? 443 : 80) ? "localhost" : "localhost:" + port);
    }

    private static String scheme(Exchange exchange) {
        return exchange.secure() ? "https://" : "http://";
    }

    /** @throws io.marsad.kernel.problem.ProblemException 409 {@code passkeys-unavailable}, with what helps */
    RelyingParty of(Exchange exchange) {
        var found = find(exchange);
        if (found == null) {
            throw Problem.conflict(
                            "passkeys-unavailable",
                            "Passkeys are bound to a domain: open " + local(exchange)
                                    + " on this machine, or set http.origin to the address that browsers use.")
                    .asException();
        }
        return found;
    }
}
