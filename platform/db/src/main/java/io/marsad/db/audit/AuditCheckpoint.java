package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;

/**
 * What a signed note attests: that a tenant's log had this entry at that time.
 *
 * @param seq the number of the last entry there was
 * @param hash its hash, which stands for all before it
 */
public record AuditCheckpoint(TenantId tenant, long seq, byte[] hash, Instant at) {}
