package io.marsad.ingest.intake;

import io.marsad.ingest.intake.IntakeResult.Rejection;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.problem.Problem;
import io.marsad.normalize.format.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Records of one sender and format on their way into the log: add them in the sender's order, then {@link #commit} once.
 * A record that cannot be taken is refused by its index and does not touch the others.
 *
 * <p>Used by one thread.
 */
public final class IntakeBatch {
    private final Intake intake;
    private final Sender sender;
    private final @Nullable String key;
    private final byte flags;
    private final boolean canonical;
    private final boolean json;
    private final @Nullable AuditLines audit;
    private final RecordBatch records;
    private final SplittableRandom random;
    private final Secrets secrets = new Secrets();
    private final @Nullable CanonicalCheck check;
    private final List<EventId> ids = new ArrayList<>();
    private final List<Rejection> errors = new ArrayList<>();
    private int index;
    private int accepted;
    private long bytes;

    IntakeBatch(
            Intake intake, Sender sender, String format, @Nullable String key, boolean synthetic, int expectedBytes) {
        this.intake = intake;
        this.sender = sender;
        this.key = key;
        this.flags = synthetic ? RecordBatch.SYNTHETIC : 0;
        this.canonical = format.equals("canonical");
        this.json = !format.equals("syslog") && !format.equals("auditd");
        this.audit = format.equals("auditd") || format.equals("auto") ? new AuditLines() : null;
        this.check = canonical ? new CanonicalCheck() : null;
        this.records = new RecordBatch(sender.tenant(), sender.origin(), format, intake.now(), expectedBytes);
        this.random = new SplittableRandom(intake.seed());
    }

    /** Adds a record; the bytes are copied. */
    public void add(byte[] from, int offset, int length) {
        add(from, offset, length, null);
    }

    /**
     * Adds a record for each line; blank lines are passed over.
     *
     * @throws io.marsad.kernel.problem.ProblemException 413 when the batch gets too big
     */
    public void addLines(byte[] text) {
        for (int from = 0; from < text.length; ) {
            int found = Words.indexOf((byte) '\n', text, from, text.length);
            int next = found < 0 ? text.length : found;
            int to = next > from && text[next - 1] == '\r' ? next - 1 : next;
            int start = from;
            while (start < to && (text[start] == ' ' || text[start] == '\t')) {
                start++;
            }
            if (start < to) {
                add(text, from, to - from);
            }
            from = next + 1;
        }
    }

    /**
     * Adds a record that has a key of its own.
     *
     * @throws io.marsad.kernel.problem.ProblemException 413 when the batch gets too big
     */
    public void add(byte[] from, int offset, int length, @Nullable String recordKey) {
        int at = next();
        bytes += length;
        if (bytes > Intake.MAX_BATCH) {
            throw Problem.tooLarge("A batch has at most 16 MiB.").asException();
        }
        if (length > Intake.MAX_RECORD) {
            errors.add(new Rejection(at, "is longer than 1 MiB"));
            return;
        }
        if (isBlank(from, offset, length)) {
            errors.add(new Rejection(at, "is empty"));
            return;
        }
        var own = recordKey;
        if (check != null) {
            var canonicalEvent = check.check(from, offset, length);
            var problem = canonicalEvent.problem();
            if (problem != null) {
                errors.add(new Rejection(at, reason(problem)));
                return;
            }
            own = own == null ? canonicalEvent.eventId() : own;
        }
        accepted++;
        if (audit != null && audit.take(from, offset, length, at)) {
            return; // goes in at the end, joined with the other lines of its event
        }
        put(from, offset, length, own == null ? batchKey(at) : own);
    }

    /** Counts an item that cannot be a record at all, such as a number among objects. */
    public void reject(String reason) {
        errors.add(new Rejection(next(), reason));
    }

    private int next() {
        if (index == Intake.MAX_RECORDS) {
            throw Problem.tooLarge("A batch has at most 10,000 records.").asException();
        }
        return index++;
    }

    private @Nullable String batchKey(int at) {
        return key == null ? null : key + "#" + at;
    }

    private void put(byte[] from, int offset, int length, @Nullable String recordKey) {
        byte recordFlags = flags;
        EventId id;
        if (recordKey == null) {
            id = EventId.atTime(records.received(), random.nextLong(), random.nextLong());
        } else {
            id = EventId.derived("record", sender.tenant().value(), recordKey);
            recordFlags |= RecordBatch.KEYED;
        }
        secrets.look(from, offset, length, json);
        if (secrets.found()) {
            var clean = secrets.replaced(from, offset, length);
            records.add(id, recordFlags, clean, 0, clean.length);
        } else {
            records.add(id, recordFlags, from, offset, length);
        }
        ids.add(id);
    }

    /** Makes the accepted records durable, all or none of them. */
    public IntakeResult commit() throws IOException, LogFullException {
        if (audit != null) {
            audit.events((joined, first) -> put(joined, 0, joined.length, batchKey(first)));
        }
        if (records.size() > 0) {
            // Counted first: a worker may be done with them before the append returns.
            intake.count(sender.tenant(), records.size());
            boolean durable = false;
            try {
                intake.log().append(records);
                durable = true;
            } finally {
                if (!durable) {
                    intake.count(sender.tenant(), -records.size());
                }
            }
        }
        return new IntakeResult(accepted, ids, errors);
    }

    private static String reason(Problem problem) {
        var text = new StringBuilder();
        for (var fault : problem.errors()) {
            text.append(text.isEmpty() ? "" : "; ").append(fault.where());
            text.append(fault.where().isEmpty() ? "" : " ").append(fault.reason());
        }
        return text.isEmpty() ? problem.detail() : text.toString();
    }

    private static boolean isBlank(byte[] from, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (from[i] > ' ' || from[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
