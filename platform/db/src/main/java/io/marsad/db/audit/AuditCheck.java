package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a tenant's audit log: reads the whole chain and computes it again, compares its end with what the log's head and
 * the signed checkpoints say, and stops at the first entry that is not as it was written. For one thread, once.
 */
public final class AuditCheck {
    private final TenantId tenant;
    /** What is attested of the log, by entry. */
    private final ArrayDeque<AuditCheckpoint> attested = new ArrayDeque<>();

    private AuditCheck(TenantId tenant) {
        this.tenant = tenant;
    }

    /**
     * How checking went.
     *
     * @param entries how many were found to be as they were written, from the first on
     * @param firstBad the number of the first entry that is not; 0 when all are
     * @param reason what is wrong with it; empty when nothing is
     * @param sealed the last entry that a checkpoint attests; 0 when there is none
     */
    public record Verification(long entries, long firstBad, String reason, long sealed) {
        public boolean ok() {
            return firstBad == 0;
        }
    }

    /** Thrown inside to end the check. */
    private static final class Bad extends Exception {
        private final long entry;

        Bad(long entry, String reason) {
            super(reason);
            this.entry = entry;
        }
    }

    /** @param kept a note that was kept outside the database, or null */
    public static Verification verify(Connection connection, TenantId tenant, AuditSeal seal, @Nullable String kept)
            throws SQLException {
        return new AuditCheck(tenant).run(connection, seal, kept);
    }

    /** As {@link #verify}, but for the checkpoints: whether the chain is whole in itself. */
    public static Verification verifyChain(Connection connection, TenantId tenant) throws SQLException {
        return new AuditCheck(tenant).finish(connection, 0, null);
    }

    private Verification run(Connection connection, AuditSeal seal, @Nullable String kept) throws SQLException {
        long sealed = 0;
        Bad trouble = null;
        try {
            attested.addAll(checkpoints(connection, seal, kept));
            sealed = attested.isEmpty() ? 0 : attested.getLast().seq();
        } catch (Bad e) {
            trouble = e; // an entry before it may be bad, too
        }
        return finish(connection, sealed, trouble);
    }

    private Verification finish(Connection connection, long sealed, @Nullable Bad known) throws SQLException {
        var trouble = known;
        long entries = 0;
        try {
            entries = chain(connection);
        } catch (Bad e) {
            trouble = trouble == null || e.entry <= trouble.entry ? e : trouble;
        }
        return trouble == null
                ? new Verification(entries, 0, "", sealed)
                : new Verification(trouble.entry - 1, trouble.entry, String.valueOf(trouble.getMessage()), sealed);
    }

    private List<AuditCheckpoint> checkpoints(Connection connection, AuditSeal seal, @Nullable String kept)
            throws SQLException, Bad {
        var all = new ArrayList<AuditCheckpoint>();
        try (var select = connection.prepareStatement(
                "SELECT seq, note FROM audit_checkpoints WHERE tenant_id = ? ORDER BY seq")) {
            select.setString(1, tenant.value());
            select.setFetchSize(1_000);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(opened(seal, rows.getString(2), rows.getLong(1)));
                }
            }
        }
        if (kept != null) {
            all.add(opened(seal, kept, 0));
        }
        all.sort(Comparator.comparingLong(AuditCheckpoint::seq));
        return all;
    }

    /** @param row the entry that the row says it is about; 0 for none */
    private AuditCheckpoint opened(AuditSeal seal, @Nullable String note, long row) throws Bad {
        try {
            var checkpoint = seal.open(note == null ? "" : note);
            if (checkpoint.tenant().equals(tenant) && (row == 0 || checkpoint.seq() == row)) {
                return checkpoint;
            }
        } catch (AuditSeal.InvalidNoteException e) {
            throw new Bad(
                    Math.max(1, row), "the checkpoint of entry " + row + " is not as it was signed: " + e.getMessage());
        }
        throw new Bad(Math.max(1, row), "the checkpoint of entry " + row + " is another's");
    }

    private long chain(Connection connection) throws SQLException, Bad {
        long last = 0;
        var hash = AuditLink.START;
        try (var select = connection.prepareStatement(
                "SELECT " + AuditLink.COLUMNS + ", hash FROM audit_log WHERE tenant_id = ? ORDER BY seq")) {
            select.setString(1, tenant.value());
            select.setFetchSize(1_000);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    long seq = rows.getLong("seq");
                    if (seq != last + 1) {
                        throw new Bad(last + 1, seq <= last ? "it is there twice, or out of place" : "it is missing");
                    }
                    var link = AuditLink.read(tenant, rows);
                    var stored = rows.getBytes("hash");
                    if (link == null || !link.isSound() || stored == null || !Arrays.equals(stored, link.hash())) {
                        throw new Bad(seq, "it is not as it was written");
                    }
                    if (!link.follows(hash)) {
                        throw new Bad(seq, "it does not follow from the entry before it");
                    }
                    hash = stored;
                    last = seq;
                    compare(last, hash);
                }
            }
        }
        if (!attested.isEmpty()) {
            var next = attested.getFirst();
            throw new Bad(last + 1, "it is missing: a checkpoint of " + next.at() + " names entry " + next.seq());
        }
        compareHead(connection, last, hash);
        return last;
    }

    private void compare(long seq, byte[] hash) throws Bad {
        while (!attested.isEmpty() && attested.getFirst().seq() <= seq) {
            var checkpoint = attested.removeFirst();
            if (checkpoint.seq() < seq || !Arrays.equals(checkpoint.hash(), hash)) {
                throw new Bad(seq, "it is another than the one that the checkpoint of " + checkpoint.at() + " names");
            }
        }
    }

    private void compareHead(Connection connection, long last, byte[] hash) throws SQLException, Bad {
        try (var select = connection.prepareStatement("SELECT seq, hash FROM audit_heads WHERE tenant_id = ?")) {
            select.setString(1, tenant.value());
            try (var rows = select.executeQuery()) {
                boolean there = rows.next();
                long head = there ? rows.getLong(1) : 0;
                if (head > last) {
                    throw new Bad(last + 1, "it is missing: the log had " + head + " entries");
                }
                if (head < last) {
                    throw new Bad(head + 1, "it was put in behind the log's end, entry " + head);
                }
                if (there && !Arrays.equals(rows.getBytes(2), hash)) {
                    throw new Bad(Math.max(1, last), "it is not the one that the log ended with");
                }
            }
        }
    }
}
