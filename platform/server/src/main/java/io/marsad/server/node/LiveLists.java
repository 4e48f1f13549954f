package io.marsad.server.node;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.lists.TenantTables;
import io.marsad.store.query.run.Lookups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lists in use, which others take the place of together with the rules. Thread-safe. */
final class LiveLists implements Lookups {
    private final Path content;
    private final Path data;
    private volatile TenantTables inUse;
    private volatile TenantTables next;

    /** @throws ContentException with every fault of every file */
    LiveLists(Path content, Path data) throws ContentException, IOException {
        this.content = content;
        this.data = data;
        inUse = InstallationLists.tables(content, data);
        next = inUse;
    }

    /**
     * Reads them as they are now, to be used from {@link #take} on.
     *
     * @throws ContentException with every fault of every file
     */
    void read() throws ContentException, IOException {
        next = InstallationLists.tables(content, data);
    }

    /** What was read last is in use. */
    void take() {
        inUse = next;
    }

    @Override
    public @Nullable LookupList find(TenantId tenant, String name) {
        return inUse.find(tenant, name);
    }

    @Override
    public List<String> names(TenantId tenant) {
        return inUse.names(tenant);
    }
}
