package io.marsad.soc.audit;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditCheck;
import io.marsad.db.audit.AuditCheckpoints;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.audit.AuditQuery;
import io.marsad.db.audit.AuditSeal;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit logs of the installation's tenants. Thread-safe. */
public final class Audit {
    private static final int PAGE = 1_000;

    private final Database database;
    private final AuditSeal seal;
    private final KeptNotes notes;
    private final InstantSource clock;

    public Audit(Database database, AuditSeal seal, KeptNotes notes, InstantSource clock) {
        this.database = database;
        this.seal = seal;
        this.notes = notes;
        this.clock = clock;
    }

    /** Takes a part of an export. */
    @FunctionalInterface
    public interface Part {
        void take(List<AuditQuery.Found> entries) throws IOException;
    }

    /**
     * The newest entries of the caller's tenant that fit, newest first.
     *
     * @param before only entries with a lower number
     */
    public List<AuditQuery.Found> newest(AuditQuery query, long before, int limit) {
        return database.inCallerTenant(connection -> query.newest(connection, CallerScope.tenant(), before, limit));
    }

    /** All entries of the caller's tenant that fit, oldest first, a part at a time; that it was done is an entry of its own. */
    public void export(AuditQuery query, Part part) throws IOException {
        var caller = CallerScope.current();
        var entry =
                new AuditLog.Entry(clock.instant(), caller.subject(), "audit.export", "audit:" + caller.tenant(), "{}");
        long end = database.<Long>inCallerTenant(connection -> AuditLog.append(connection, caller.tenant(), entry));
        long after = 0;
        boolean more = true;
        while (more) {
            long from = after;
            var found = database.inCallerTenant(connection -> query.following(connection, caller.tenant(), from, PAGE));
            var wanted = found.stream().filter(one -> one.seq() < end).toList();
            more = found.size() == PAGE && wanted.size() == PAGE;
            if (!wanted.isEmpty()) {
                part.take(wanted);
                after = wanted.getLast().seq();
            }
        }
    }

    /** Checks the log of the caller's tenant. */
    public AuditCheck.Verification verify() throws IOException {
        return verify(CallerScope.tenant());
    }

    /** Checks a tenant's log; for the installation's own commands. */
    public AuditCheck.Verification verify(TenantId tenant) throws IOException {
        var kept = notes.read(tenant);
        return database.inTenant(tenant, connection -> AuditCheck.verify(connection, tenant, seal, kept));
    }

    /** The newest checkpoint of the caller's tenant, signed; null before the first. */
    public @Nullable String checkpoint() {
        return database.inCallerTenant(connection -> AuditCheckpoints.newest(connection, CallerScope.tenant()));
    }

    /** Seals what a tenant's log has now, when there is something new. */
    public void seal(TenantId tenant) throws IOException {
        var note = database.inTenant(
                tenant, connection -> AuditCheckpoints.make(connection, tenant, seal, clock.instant()));
        if (note != null) {
            notes.keep(tenant, note);
        }
    }
}
