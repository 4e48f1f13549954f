package io.marsad.wire;

import java.util.List;

/**
 * Whose signatures on actions and policies count in a tenant. The tenant's authority signs the list, so that nobody between
 * the control plane and a host can add a key of their own.
 *
 * @param version of the list; one that is not newer than what is known is not taken
 */
public record SignedKeys(String tenant, long version, List<Verifier.TrustedKey> keys) {
    /** The media type of what is signed. */
    public static final String TYPE = "application/vnd.marsad.keys+json;version=1";

    public SignedKeys {
        keys = List.copyOf(keys);
    }
}
