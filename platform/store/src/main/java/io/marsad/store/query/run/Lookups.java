package io.marsad.store.query.run;

import io.marsad.kernel.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: the lists that {@code lookup} asks. Thread-safe. */
public interface Lookups {
    /** No lists. */
    Lookups NONE = new Lookups() {
        @Override
        public @Nullable LookupList find(TenantId tenant, String name) {
            return null;
        }

        @Override
        public List<String> names(TenantId tenant) {
            return List.of();
        }
    };

    @Nullable
    LookupList find(TenantId tenant, String name);

    List<String> names(TenantId tenant);

    /** One list: a table in memory with a key. */
    interface LookupList {
        /** Without the key. */
        List<String> columns();

        /** The entry's values in the order of the columns, or null when there is none. Keys are compared without case. */
        @Nullable
        List<@Nullable String> find(String key);
    }
}
