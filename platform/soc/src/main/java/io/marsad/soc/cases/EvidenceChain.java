package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.cases.CaseEvidence.Kept;
import io.marsad.soc.cases.EvidenceEntry.Verification;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of a case, as it is kept.
 *
 * @param entries by their numbers
 * @param head how it ends; null where nothing was ever taken in
 */
record EvidenceChain(List<Kept> entries, @Nullable Head head) {
    /** The number of the last entry, its hash, and how large all contents are. */
    record Head(int seq, byte[] hash, long bytes) {}

    /** Names the first entry that is not as it was written, does not follow from the one before it, or is missing. */
    Verification verify(TenantId tenant, EventId kase) {
        int last = 0;
        long bytes = 0;
        var hash = EvidenceEntry.START;
        for (Kept kept : entries) {
            var entry = kept.entry();
            if (entry.seq() != last + 1) {
                return bad(last + 1, entry.seq() <= last ? "it is out of place" : "it is missing");
            }
            if (!Arrays.equals(entry.hash(tenant, kase), kept.hash())) {
                return bad(entry.seq(), "it is not as it was written");
            }
            if (!Arrays.equals(entry.previous(), hash)) {
                return bad(entry.seq(), "it does not follow from the entry before it");
            }
            hash = kept.hash();
            bytes += entry.content().length;
            last = entry.seq();
        }
        return end(last, hash, bytes);
    }

    private Verification end(int last, byte[] hash, long bytes) {
        var end = head;
        if (end == null) {
            return last == 0 ? new Verification(0, 0, null) : bad(last, "nothing says that the chain ends with it");
        }
        if (end.seq > last) {
            return bad(last + 1, "it is missing: there were " + end.seq + " entries");
        }
        if (end.seq < last) {
            return bad(Math.max(1, end.seq + 1), "it was put in behind the end, entry " + end.seq);
        }
        if (!Arrays.equals(end.hash, hash) || end.bytes != bytes) {
            return bad(Math.max(1, last), "it is not the one that the chain ended with");
        }
        return new Verification(last, 0, null);
    }

    private static Verification bad(int entry, String reason) {
        return new Verification(entry - 1, entry, reason);
    }
}
