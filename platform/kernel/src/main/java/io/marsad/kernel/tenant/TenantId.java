package io.marsad.kernel.tenant;

import java.util.regex.Pattern;

/**
 * The name of a tenant: 3 to 63 characters of {@code a-z 0-9 -}, starting and ending with a letter or digit.
 *
 * @throws IllegalArgumentException when the text is not such a name
 */
public record TenantId(String value) implements Comparable<TenantId> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a tenant id: 3-63 characters of a-z, 0-9 and '-' are expected");
        }
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
