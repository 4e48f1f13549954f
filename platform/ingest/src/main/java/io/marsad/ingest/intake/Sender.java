package io.marsad.ingest.intake;

import io.marsad.kernel.tenant.TenantId;

/**
 * Who sends: a door knows it from the credential or its own configuration, never from the records.
 *
 * @param origin the registered source: a token's, listener's or file's name; 1 to 128 characters, none
 *     of them a control character (a zero could not be written to the ledger, and a line end would forge log lines)
 */
public record Sender(TenantId tenant, String origin) {
    public Sender {
        if (!isOrigin(origin)) {
            throw new IllegalArgumentException("an origin has 1 to 128 printable characters");
        }
    }

    /** Whether a name that came from outside can be an origin. */
    public static boolean isOrigin(String name) {
        return !name.isBlank() && name.length() <= 128 && name.chars().noneMatch(Character::isISOControl);
    }
}
