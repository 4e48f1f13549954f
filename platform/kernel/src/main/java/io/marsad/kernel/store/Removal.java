package io.marsad.kernel.store;

import io.marsad.kernel.tenant.TenantId;

/**
 * What was taken out of the event store, for the record.
 *
 * @param files how many files went, as a whole or in favour of others without these events
 * @param bytes by how much the store is smaller
 * @param left files of the tenant that a listing afterwards still found, when all were to go; else 0
 */
public record Removal(TenantId tenant, Reason reason, long events, int files, long bytes, int left) {
    public enum Reason {
        /** Kept for as long as the tenant's policy says. */
        EXPIRED,
        TENANT_DELETED
    }

    public Removal plus(Removal other) {
        return new Removal(
                tenant, reason, events + other.events, files + other.files, bytes + other.bytes, left + other.left);
    }
}
