package io.marsad.respond.link;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Tells people of what has begun to wait for their consent, in every way that there is. Thread-safe. */
public final class ApprovalPrompts implements Follower {
    private final Database database;
    private final List<Way> ways;

    /** One way of telling. Thread-safe. */
    public interface Way {
        /**
         * Tells of those that still wait, outside any transaction. What was told is not told again.
         *
         * @throws IOException when some of it has to be tried again
         */
        void tell(TenantId tenant, List<UUID> waiting) throws IOException;
    }

    public ApprovalPrompts(Database database, List<Way> ways) {
        this.database = database;
        this.ways = List.copyOf(ways);
    }

    @Override
    public void follow(Claim claim) throws IOException {
        IOException refused = null;
        for (var way : ways) {
            try {
                way.tell(claim.tenant(), claim.subjects());
            } catch (IOException e) { // one way holds up no other
                refused = refused == null ? e : refused;
            }
        }
        if (refused != null) {
            throw refused;
        }
        database.inTenant(claim.tenant(), connection -> {
            claim.done(connection);
            return true;
        });
    }
}
