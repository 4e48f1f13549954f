package io.marsad.soc.cases;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.cases.EvidenceEntry.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What proves a case, in the tenant of the running {@link CallerScope}: taken in once, never changed, each entry chained to
 * the one before, so that whatever is changed later is found. Thread-safe.
 */
public final class CaseEvidence {
    /** Bytes of one thing. */
    public static final int MOST_BYTES = 2 << 20;

    /** Bytes of all things of a case. */
    public static final long MOST_OF_A_CASE = 16L << 20;

    private static final int MOST_ENTRIES = 1_000;
    private static final int MAX_NAME = 256;
    private static final int MAX_NOTE = 2_000;

    private final Database database;
    private final InstantSource clock;

    public CaseEvidence(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Something that is taken in. */
    public record Item(String name, String mediaType, String note, byte[] content) {}

    /** An entry with its hash as it is kept. */
    public record Kept(EvidenceEntry entry, byte[] hash) {
        public String hashWord() {
            return HexFormat.of().formatHex(hash);
        }
    }

    /** All entries, oldest first. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<Kept> list(EventId kase) {
        return database.inCallerTenant(connection -> {
            CaseWork.existing(connection, kase, null);
            return entries(connection, CallerScope.tenant(), kase);
        });
    }

    /**
     * Takes something in.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 400 for a name that is none; 413; 409 {@code evidence-full}
     */
    public Kept add(EventId kase, Item item) {
        CaseWork.requireText(item.name, MAX_NAME, "name");
        if (item.note.length() > MAX_NOTE || item.mediaType.length() > 128) {
            throw Problem.badRequest("note-too-long", "A note has at most " + MAX_NOTE + " characters.")
                    .asException();
        }
        if (item.content.length > MOST_BYTES) {
            throw Problem.tooLarge("A piece of evidence has at most " + MOST_BYTES + " bytes.")
                    .asException();
        }
        return append(kase, "added", item);
    }

    /** Notes that it was given out and returns all of it, this note included. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<Kept> export(EventId kase, String reason) {
        if (reason.length() > MAX_NOTE) {
            throw Problem.badRequest("note-too-long", "A note has at most " + MAX_NOTE + " characters.")
                    .asException();
        }
        append(kase, "exported", new Item("", "", reason, new byte[0]));
        return list(kase);
    }

    /** Computes the whole chain again. @throws io.marsad.kernel.problem.ProblemException 404 */
    public Verification verify(EventId kase) {
        return database.inCallerTenant(connection -> {
            CaseWork.existing(connection, kase, null);
            return chain(connection, CallerScope.tenant(), kase).verify(CallerScope.tenant(), kase);
        });
    }

    private Kept append(EventId kase, String action, Item item) {
        var at = Instant.ofEpochMilli(clock.millis());
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var tenant = caller.tenant();
            CaseRows.lock(connection, tenant);
            CaseWork.existing(connection, kase, null);
            var who = CaseChange.Who.caller(connection, caller, at);
            var head = head(connection, tenant, kase);
            int seq = head == null ? 1 : head.seq() + 1;
            long bytes = (head == null ? 0 : head.bytes()) + item.content.length;
            if (seq > MOST_ENTRIES || bytes > MOST_OF_A_CASE) {
                throw Problem.conflict(
                                "evidence-full",
                                "A case has at most " + MOST_ENTRIES + " entries and " + MOST_OF_A_CASE + " bytes.")
                        .asException();
            }
            var entry = new EvidenceEntry(
                    EvidenceEntry.VERSION,
                    seq,
                    at,
                    who.subject(),
                    who.name(),
                    action,
                    action.equals("added") ? seq : 0,
                    item.name.strip(),
                    item.mediaType,
                    item.note.strip(),
                    item.content,
                    head == null ? EvidenceEntry.START : head.hash());
            var hash = entry.hash(tenant, kase);
            insert(connection, tenant, kase, entry, hash);
            Sql.run(
                    connection,
                    "INSERT INTO case_evidence_heads VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, case_id)"
                            + " DO UPDATE SET seq = excluded.seq, hash = excluded.hash, bytes = excluded.bytes",
                    tenant.value(),
                    kase,
                    seq,
                    hash,
                    bytes);
            var change = new CaseChange(connection, tenant, who);
            var word = HexFormat.of().formatHex(hash);
            change.note(
                    kase,
                    "evidence_" + action,
                    item.name.isEmpty() ? "all of it" : item.name.strip(),
                    change.detail("entry", Integer.toString(seq), "name", item.name.strip(), "hash", word));
            change.tell();
            return new Kept(entry, hash);
        });
    }

    private static void insert(Connection connection, TenantId tenant, EventId kase, EvidenceEntry entry, byte[] hash)
            throws SQLException {
        Sql.run(
                connection,
                "INSERT INTO case_evidence (tenant_id, case_id, " + EvidenceEntry.COLUMNS
                        + ", hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                tenant.value(),
                kase,
                entry.version(),
                entry.seq(),
                entry.at(),
                entry.actor(),
                entry.actorName(),
                entry.action(),
                entry.item(),
                entry.name(),
                entry.mediaType(),
                entry.note(),
                entry.content(),
                entry.previous(),
                hash);
    }

    private static EvidenceChain.@Nullable Head head(Connection connection, TenantId tenant, EventId kase)
            throws SQLException {
        return Sql.one(
                connection,
                "SELECT seq, hash, bytes FROM case_evidence_heads WHERE tenant_id = ? AND case_id = ?",
                row -> new EvidenceChain.Head(row.getInt("seq"), row.getBytes("hash"), row.getLong("bytes")),
                tenant.value(),
                kase);
    }

    private static List<Kept> entries(Connection connection, TenantId tenant, EventId kase) throws SQLException {
        return Sql.list(
                connection,
                "SELECT " + EvidenceEntry.COLUMNS + ", hash FROM case_evidence"
                        + " WHERE tenant_id = ? AND case_id = ? ORDER BY seq",
                row -> new Kept(EvidenceEntry.read(row), row.getBytes("hash")),
                tenant.value(),
                kase);
    }

    /** All of a case, as it is kept. */
    static EvidenceChain chain(Connection connection, TenantId tenant, EventId kase) throws SQLException {
        return new EvidenceChain(entries(connection, tenant, kase), head(connection, tenant, kase));
    }
}
