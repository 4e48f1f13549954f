package io.marsad.respond.link;

import io.marsad.kernel.tenant.TenantId;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a link that is somebody's: {@code TENANT.ID.PROOF}. It names its tenant, so that it is looked up under that
 * tenant's row-level security.
 */
record SignedLink(TenantId tenant, UUID id, String proof) {
    private static final Pattern FORM = Pattern.compile(
            "([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([A-Za-z0-9_-]{43})");
    private static final int LONGEST = 200;

    /** Null when the text is not of this form. */
    static @Nullable SignedLink parse(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        var match = FORM.matcher(text);
        return match.matches()
                ? new SignedLink(new TenantId(match.group(1)), UUID.fromString(match.group(2)), match.group(3))
                : null;
    }

    String text() {
        return tenant + "." + id + "." + proof;
    }

    /** Without what proves it. */
    @Override
    public String toString() {
        return tenant + "." + id;
    }
}
