package io.marsad.api.http;

import io.marsad.kernel.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/** Finds the credential behind what a request carries. Thread-safe; asked on every request, so implementations are quick. */
public interface Authenticator {
    /** The session of this cookie, or null when there is none or it has ended. */
    @Nullable
    Credential session(String secret);

    /** The token with this secret, or null when there is none, it is revoked or has run out. */
    @Nullable
    Credential token(String secret);

    /** Whether this is the installation's own tenant, whose people run it. */
    boolean runsInstallation(TenantId tenant);
}
