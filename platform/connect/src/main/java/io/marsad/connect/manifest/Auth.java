package io.marsad.connect.manifest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the vendor knows who asks. Secrets are named here, never held. */
public sealed interface Auth {
    /** Nobody is asked for. */
    record None() implements Auth {}

    /** A secret in a header, after a prefix. */
    record Header(String name, String prefix, String secret) implements Auth {}

    /** A secret in the query. */
    record Query(String name, String secret) implements Auth {}

    /** A name and a secret (RFC 7617). */
    record Basic(Text user, String secret) implements Auth {}

    /**
     * A token for a client's id and secret (RFC 6749, section 4.4).
     *
     * @param inBody the credentials stand in the form; else in a header
     */
    record ClientCredentials(Text tokenUrl, Text client, String secret, Map<String, Text> form, boolean inBody)
            implements Auth {}

    /**
     * A token for an assertion that is signed with a private key (RFC 7523).
     *
     * @param grant true: the assertion is the grant; false: it says who the client is
     * @param seconds that it is good for
     */
    record JwtBearer(
            Text tokenUrl,
            Algorithm algorithm,
            String secret,
            @Nullable Text keyId,
            Map<String, Text> claims,
            Map<String, Text> form,
            boolean grant,
            int seconds)
            implements Auth {}

    /** AWS Signature Version 4. */
    record SigV4(
            String accessKey, String secretKey, @Nullable String sessionToken, Text region, String service)
            implements Auth {}

    /**
     * A signature (HMAC-SHA256, hexadecimal) of the body.
     *
     * @param timestamp a header with the second; what is signed is then {@code second.body}
     */
    record Hmac(
            String header,
            String prefix,
            String secret,
            @Nullable String timestamp) implements Auth {}

    /** How an assertion is signed (RFC 7518). */
    enum Algorithm {
        RS256,
        ES256,
        HS256
    }
}
