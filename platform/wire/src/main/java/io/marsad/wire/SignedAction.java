package io.marsad.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * An action that somebody at the other side of a boundary is to do, as it was agreed to. What is signed is its one
 * canonical form, so that two different actions never have the same bytes.
 *
 * @param id of the action: whoever has done it once does not do it again
 * @param tenant whose it is
 * @param target who is to do it: the id of one relay or endpoint
 * @param action its name in the catalogue
 * @param parameters canonical JSON of an object ({@link CanonicalJson})
 * @param requestedBy who wanted it: a user or a run of a playbook
 * @param approvedBy who agreed; empty where the policy asks nobody
 * @param policyVersion of the policy by which it was decided who has to agree
 * @param issuedAt to the millisecond
 * @param expiresAt to the millisecond; it is not done at that moment or later
 * @param nonce never used twice
 */
public record SignedAction(
        UUID id,
        String tenant,
        String target,
        String action,
        String parameters,
        String requestedBy,
        List<String> approvedBy,
        long policyVersion,
        Instant issuedAt,
        Instant expiresAt,
        UUID nonce) {
    /** The media type of what is signed. */
    public static final String TYPE = "application/vnd.marsad.action+json;version=1";

    public SignedAction {
        approvedBy = List.copyOf(approvedBy);
    }

    /** SHA-256 of the parameters in hexadecimal digits: what people are shown when they agree. */
    public String parametersHash() {
        return hash(parameters);
    }

    /** SHA-256 of a canonical text in hexadecimal digits. */
    public static String hash(String canonical) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
