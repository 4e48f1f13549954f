package io.marsad.soc.identity.passkey;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A passkey as its owner sees it.
 *
 * @param aaguid the authenticator's model; all zero where it does not say
 * @param transports how the browser reaches it: {@code internal}, {@code usb}, {@code hybrid}
 * @param synced kept by the provider on more than one device
 */
public record Passkey(
        UUID id,
        String name,
        UUID aaguid,
        List<String> transports,
        boolean synced,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {
    public Passkey {
        transports = List.copyOf(transports);
    }
}
