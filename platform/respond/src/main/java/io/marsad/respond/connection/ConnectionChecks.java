package io.marsad.respond.connection;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundRefused;
import io.marsad.connect.manifest.Input;
import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ValueType;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import java.util.ArrayList;
import java.util.Map;

/** What may be kept as a connection. Stateless. */
final class ConnectionChecks {
    private static final int MOST_SECRET = 20_000;

    private final Connectors connectors;
    private final OutboundGuard guard;

    ConnectionChecks(Connectors connectors, OutboundGuard guard) {
        this.connectors = connectors;
        this.guard = guard;
    }

    Manifest check(TenantConnection.Content wanted, Map<String, String> secrets) {
        var manifest = connectors.find(wanted.connector());
        if (manifest == null) {
            throw invalid("There is no connector '" + wanted.connector() + "'.");
        }
        var faults = new ArrayList<String>();
        Input.complete(manifest.config(), wanted.config(), faults);
        if (faults.isEmpty()) {
            for (var input : manifest.config().values()) {
                var value = wanted.config().get(input.name());
                if (input.type() == ValueType.URL && value != null && value.isString()) {
                    try {
                        guard.https(value.stringValue());
                    } catch (OutboundRefused e) {
                        faults.add("'" + input.name() + "': " + e.getMessage());
                    }
                }
            }
        }
        secrets.forEach((name, value) -> {
            if (!manifest.secrets().containsKey(name)) {
                faults.add("there is no secret '" + name + "'; there are "
                        + new ArrayList<>(manifest.secrets().keySet()));
            } else if (value.length() > MOST_SECRET) {
                faults.add("the secret '" + name + "' has more than " + MOST_SECRET + " characters");
            }
        });
        if (!faults.isEmpty()) {
            throw invalid(String.join("; ", faults) + ".");
        }
        return manifest;
    }

    /** A secret that was given for one place is not told to another. */
    static void requireSecrets(TenantConnection before, TenantConnection.Content wanted, Map<String, String> secrets) {
        if (!before.content().config().equals(wanted.config())
                && !secrets.keySet().containsAll(before.secrets())) {
            throw Problem.badRequest(
                            "secrets-required",
                            "The settings change, so the secrets have to be given again: "
                                    + String.join(", ", before.secrets()) + ".")
                    .asException();
        }
    }

    static ProblemException invalid(String detail) {
        return Problem.badRequest("invalid-connection", detail).asException();
    }
}
