package io.marsad.match;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event, opened for questions: its values by slot, each folded at most once. Slots are the fields that a program asks
 * for, numbered; two of them stand for many fields at once.
 *
 * <p>Scratch memory of one thread. Values are numbered within the row; the raw record is one too.
 */
final class Row {
    /** By field id, whether {@link #VALUES} passes it over. */
    private static final boolean[] KIND = kind();

    /** Every value but what says only the event's kind, the raw record not. */
    static final int VALUES = 0;
    /** Every value and the raw record. */
    static final int ANYWHERE = 1;
    /** The first slot that is a field's own. */
    static final int FIRST_FIELD = 2;

    /** What is open before anything is. Never written. */
    private static final EventBatch NOTHING = new EventBatch(new TenantId("nobody"));

    private final int[] slotOfField;
    private final int[] head;
    private final int[] tail;
    private final int[] valueAt;
    private final int[] seenAt;
    private final int[] nullAt;
    private final List<int[]> marks = new ArrayList<>();

    private EventBatch batch = NOTHING;
    private byte[] arena = NOTHING.arena();
    private int index;
    private int first;
    private int count;
    private int epoch;
    private boolean anyNull;

    private int[] next = new int[64];
    private int[] foldedEpoch = new int[65];
    private int[] foldedAt = new int[65];
    private int[] foldedLength = new int[65];
    private byte[] folded = new byte[256];
    private int foldedUsed;
    /** By value: the epoch when it is all ASCII, its negation when it is not. */
    private int[] asciiEpoch = new int[65];

    private int[] textEpoch = new int[65];
    private @Nullable String[] texts = new @Nullable String[65];
    private int[] pairsEpoch = new int[65];
    private long[] pairBits = new long[65 * Pairs.LONGS];

    /** @param slotOfField the slot of each field id, 0 where there is none; shared, not changed */
    Row(int[] slotOfField, int slots) {
        this.slotOfField = slotOfField;
        head = new int[slots];
        tail = new int[slots];
        valueAt = mark(slots);
        seenAt = mark(slots);
        nullAt = mark(slots);
    }

    /** An array of things remembered for the current row only: they count while they equal {@link #epoch}. */
    int[] mark(int size) {
        var array = new int[size];
        marks.add(array);
        return array;
    }

    /** Opens a row; whatever was open before is forgotten. */
    void open(EventBatch from, int row) {
        if (++epoch == Integer.MAX_VALUE) {
            marks.forEach(array -> Arrays.fill(array, 0));
            Arrays.fill(foldedEpoch, 0);
            Arrays.fill(asciiEpoch, 0);
            Arrays.fill(textEpoch, 0);
            Arrays.fill(pairsEpoch, 0);
            epoch = 1;
        }
        batch = from;
        arena = from.arena();
        index = row;
        first = from.first(row);
        count = from.end(row) - first;
        foldedUsed = LiteralScanner.MARGIN;
        anyNull = false;
        if (count > next.length) {
            grow();
        }
        for (int i = 0; i < count; i++) {
            int field = from.field(first + i);
            boolean isNull = from.type(first + i) == EventBatch.NULL;
            anyNull |= isNull;
            int slot = field < slotOfField.length ? slotOfField[field] : 0;
            if (slot == 0) {
                continue;
            }
            seenAt[slot] = epoch;
            if (isNull) {
                nullAt[slot] = epoch;
            } else if (valueAt[slot] == epoch) {
                next[tail[slot]] = i;
                next[i] = -1;
                tail[slot] = i;
            } else {
                valueAt[slot] = epoch;
                head[slot] = i;
                tail[slot] = i;
                next[i] = -1;
            }
        }
    }

    private static boolean[] kind() {
        int most = Predicate.KIND.stream().mapToInt(Field::id).max().orElse(0);
        var kind = new boolean[most + 1];
        Predicate.KIND.forEach(field -> kind[field.id()] = true);
        return kind;
    }

    private void grow() {
        int n = Math.max(count, next.length * 2);
        next = new int[n];
        foldedEpoch = new int[n + 1];
        foldedAt = new int[n + 1];
        foldedLength = new int[n + 1];
        asciiEpoch = new int[n + 1];
        textEpoch = new int[n + 1];
        texts = new @Nullable String[n + 1];
        pairsEpoch = new int[n + 1];
        pairBits = new long[(n + 1) * Pairs.LONGS];
    }

    int epoch() {
        return epoch;
    }

    EventBatch batch() {
        return batch;
    }

    int index() {
        return index;
    }

    /** The slot's first value that is not null, or -1. */
    int first(int slot) {
        if (slot >= FIRST_FIELD) {
            return valueAt[slot] == epoch ? head[slot] : -1;
        }
        return following(slot, 0);
    }

    /** The slot's next value that is not null, or -1. */
    int next(int slot, int value) {
        return slot >= FIRST_FIELD ? next[value] : following(slot, value + 1);
    }

    private int following(int slot, int from) {
        for (int i = from; i < count; i++) {
            int field = batch.field(first + i);
            boolean passedOver = slot == VALUES && field < KIND.length && KIND[field];
            if (batch.type(first + i) != EventBatch.NULL && !passedOver) {
                return i;
            }
        }
        return from <= count && slot == ANYWHERE && batch.rawLength(index) > 0 ? count : -1;
    }

    /** The field is there, null or not. */
    boolean exists(int slot) {
        if (slot >= FIRST_FIELD) {
            return seenAt[slot] == epoch;
        }
        return count > 0 || first(slot) >= 0;
    }

    /** The field is absent or one of its values is null. */
    boolean isNull(int slot) {
        if (slot >= FIRST_FIELD) {
            return seenAt[slot] != epoch || nullAt[slot] == epoch;
        }
        return anyNull || !exists(slot);
    }

    byte[] arena() {
        return arena;
    }

    int offset(int value) {
        return value == count ? batch.rawOffset(index) : batch.offset(first + value);
    }

    int length(int value) {
        return value == count ? batch.rawLength(index) : batch.length(first + value);
    }

    /** The value as text, made once. */
    String text(int value) {
        var text = texts[value];
        if (text == null || textEpoch[value] != epoch) {
            text = new String(arena, offset(value), length(value), StandardCharsets.UTF_8);
            texts[value] = text;
            textEpoch[value] = epoch;
        }
        return text;
    }

    boolean isAscii(int value) {
        int known = asciiEpoch[value];
        if (known != epoch && known != -epoch) {
            known = Bytes.isAscii(arena, offset(value), length(value)) ? epoch : -epoch;
            asciiEpoch[value] = known;
        }
        return known == epoch;
    }

    /** Folds the value, once, and returns where it is in {@link #folded}. */
    int fold(int value) {
        if (foldedEpoch[value] != epoch) {
            int length = length(value);
            long need = foldedUsed + 2L * length + 16;
            if (need > folded.length) {
                folded = Arrays.copyOf(folded, (int) Math.min(Integer.MAX_VALUE - 64L, need * 2));
            }
            int n = CaseFolding.fold(arena, offset(value), length, folded, foldedUsed);
            foldedAt[value] = foldedUsed;
            foldedLength[value] = n;
            foldedUsed += n;
            foldedEpoch[value] = epoch;
        }
        return foldedAt[value];
    }

    /**
     * The folded values' bytes; fetch again after each {@link #fold}. {@link LiteralScanner#MARGIN} bytes before and after a
     * value may be read.
     */
    byte[] folded() {
        return folded;
    }

    /** How long the value is once folded. */
    int foldedLength(int value) {
        return foldedLength[value];
    }

    /** Finds the value's pairs of bytes, once, and returns where they are in {@link #pairBits}. */
    int pairs(int value) {
        int at = value * Pairs.LONGS;
        if (pairsEpoch[value] != epoch) {
            int from = fold(value);
            Pairs.of(folded, from, foldedLength[value], pairBits, at);
            pairsEpoch[value] = epoch;
        }
        return at;
    }

    long[] pairBits() {
        return pairBits;
    }
}
