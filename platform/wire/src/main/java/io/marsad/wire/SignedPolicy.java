package io.marsad.wire;

import java.time.Instant;

/**
 * What the endpoints of a group are to collect, and how far they may go. Versions of a group only grow: an endpoint that has
 * one takes none that is older.
 *
 * @param tenant whose it is
 * @param group of endpoints that it is for
 * @param version grows with each that is given out; 1 or more
 * @param policy canonical JSON of an object ({@link CanonicalJson})
 * @param issuedBy who gave it out
 * @param issuedAt to the millisecond
 * @param expiresAt to the millisecond; from then on none that is not in force yet is taken, the one in force stays
 */
public record SignedPolicy(
        String tenant,
        String group,
        long version,
        String policy,
        String issuedBy,
        Instant issuedAt,
        Instant expiresAt) {
    /** The media type of what is signed. */
    public static final String TYPE = "application/vnd.marsad.policy+json;version=1";

    /** SHA-256 of the policy in hexadecimal digits: what an endpoint says is in force. */
    public String policyHash() {
        return SignedAction.hash(policy);
    }
}
