package io.marsad.fleet;

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
 * What a host shows: {@code PREFIX_TENANT.ID.SECRET}. It names its tenant, so that it is looked up under that tenant's
 * row-level security. The secret is 256 random bits; kept is its SHA-256.
 */
record FleetKey(TenantId tenant, UUID id, String secret) {
    /** Of secrets that let hosts in. */
    static final String ENROLL = "mse_";
    /** Of a host's own key. */
    static final String NODE = "msn_";

    private static final Pattern FORM = Pattern.compile(
            "([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([A-Za-z0-9_-]{43})");

    static FleetKey create(TenantId tenant, UUID id, SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return new FleetKey(tenant, id, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Null when the text is not of this form. */
    static @Nullable FleetKey parse(String prefix, String text) {
        if (text.length() > 200 || !text.startsWith(prefix)) {
            return null;
        }
        var match = FORM.matcher(text.substring(prefix.length()));
        return match.matches()
                ? new FleetKey(new TenantId(match.group(1)), UUID.fromString(match.group(2)), match.group(3))
                : null;
    }

    String text(String prefix) {
        return prefix + tenant + "." + id + "." + secret;
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    boolean hashesTo(byte[] hash) {
        return MessageDigest.isEqual(hash(), hash);
    }

    @Override
    public String toString() {
        return tenant + "." + id;
    }
}
