package io.marsad.soc.identity;

import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a machine or a browser shows to be let in: {@code TENANT.ID.SECRET}. It names its tenant, so that it is looked up
 * under that tenant's row-level security. The secret is 256 random bits; kept is its SHA-256, which needs no slow hash.
 */
record Secret(TenantId tenant, UUID id, String secret) {
    private static final Pattern FORM = Pattern.compile(
            "([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([A-Za-z0-9_-]{43})");

    static Secret create(TenantId tenant, UUID id, SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return new Secret(tenant, id, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Null when the text is not of this form. */
    static @Nullable Secret parse(String text) {
        if (text.length() > 200) {
            return null;
        }
        var match = FORM.matcher(text);
        return match.matches()
                ? new Secret(new TenantId(match.group(1)), UUID.fromString(match.group(2)), match.group(3))
                : null;
    }

    String text() {
        return tenant + "." + id + "." + secret;
    }

    byte[] hash() {
        return sha256(secret);
    }

    boolean hashesTo(byte[] hash) {
        return MessageDigest.isEqual(hash(), hash);
    }

    /** A value that only who has the secret can know, for a purpose. */
    String derived(String purpose) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(purpose + ":" + secret));
    }

    /** Whether the texts are the same; how long that takes does not say where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    @Override
    public String toString() {
        return tenant + "." + id;
    }
}
