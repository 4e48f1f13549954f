package io.marsad.kernel.log;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.util.Arrays;

/**
 * Raw records of one tenant, source and format, as a door took them in one go: the unit that is appended to the event log
 * and read back from it. One record becomes one event (or one dead letter).
 *
 * <p>Filled by one thread, then only read.
 */
public final class RecordBatch {
    /** The record's id is derived from its sender's key: one with the same id is a repetition. */
    public static final byte KEYED = 1;
    /** Made by the demo's generator or a test; shown as such, everywhere. */
    public static final byte SYNTHETIC = 2;

    private final TenantId tenant;
    private final String origin;
    private final String format;
    private final long received;
    private int size;
    private long[] idHigh = new long[16];
    private long[] idLow = new long[16];
    private byte[] flags = new byte[16];
    private int[] end = new int[16];
    private byte[] bytes;
    private long baseOffset = -1;

    /**
     * @param origin the registered source (a token's or listener's name); 1 to 128 characters
     * @param format the record format's name, e.g. {@code json}, {@code syslog}, {@code auditd}
     * @param received epoch milliseconds
     */
    public RecordBatch(TenantId tenant, String origin, String format, long received, int expectedBytes) {
        this.tenant = tenant;
        this.origin = origin;
        this.format = format;
        this.received = received;
        this.bytes = new byte[Math.max(256, expectedBytes)];
    }

    public void add(EventId id, byte recordFlags, byte[] from, int offset, int length) {
        if (size == end.length) {
            int n = size * 2;
            idHigh = Arrays.copyOf(idHigh, n);
            idLow = Arrays.copyOf(idLow, n);
            flags = Arrays.copyOf(flags, n);
            end = Arrays.copyOf(end, n);
        }
        int start = size == 0 ? 0 : end[size - 1];
        if (start + (long) length > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(start + (long) length, bytes.length * 2L));
        }
        System.arraycopy(from, offset, bytes, start, length);
        idHigh[size] = id.high();
        idLow[size] = id.low();
        flags[size] = recordFlags;
        end[size++] = start + length;
    }

    public TenantId tenant() {
        return tenant;
    }

    public String origin() {
        return origin;
    }

    public String format() {
        return format;
    }

    /** When the platform took the records, epoch milliseconds. */
    public long received() {
        return received;
    }

    public int size() {
        return size;
    }

    public EventId id(int record) {
        return new EventId(idHigh[record], idLow[record]);
    }

    public byte flags(int record) {
        return flags[record];
    }

    public boolean keyed(int record) {
        return (flags[record] & KEYED) != 0;
    }

    public boolean synthetic(int record) {
        return (flags[record] & SYNTHETIC) != 0;
    }

    /** All records' bytes, one after the other. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset(int record) {
        return record == 0 ? 0 : end[record - 1];
    }

    public int length(int record) {
        return end[record] - offset(record);
    }

    /** How many bytes the records have together. */
    public int byteCount() {
        return size == 0 ? 0 : end[size - 1];
    }

    /** The first record's place in its log partition; the others follow one by one. -1 while not yet appended. */
    public long baseOffset() {
        return baseOffset;
    }

    /** Called by the log, once. */
    public void appendedAt(long offset) {
        baseOffset = offset;
    }
}
