package io.marsad.ingest.intake;

import io.marsad.kernel.tenant.TenantId;

/**
 * Who sends: a door knows it from the credential or its own configuration, never from the records.
 *
 * @param origin the registered source: a token's, listener's or file's name; 1 to 128 characters
 */
public record Sender(TenantId tenant, String origin) {
    public Sender {
        if (origin.isBlank() || origin.length() > 128) {
            throw new IllegalArgumentException("an origin has 1 to 128 characters");
        }
    }
}
