package io.marsad.soc.tenant;

import java.util.Locale;

/** What a tenant may do. */
public enum TenantState {
    /** Everything. */
    ACTIVE,
    /** Nothing, until it is resumed; its data stays. */
    SUSPENDED,
    /** Nothing, ever again: only its audit log is left. */
    DELETED;

    /** As the API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TenantState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
