package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A test of single values, asked once for each that a column has. One thread. */
final class Leaf {
    private static final EventId NO_ID = new EventId(0, 0);

    private final CompiledPredicate test;
    private final Literals literals;
    private final @Nullable Needle needle;
    private final EventBatch values;

    Leaf(Predicate predicate, TenantId tenant) {
        test = CompiledPredicate.of(predicate);
        literals = Literals.of(predicate);
        needle = Needle.of(predicate);
        values = new EventBatch(tenant, 1024, 1024, ColumnBuilder.PAGE_BYTES);
    }

    CompiledPredicate test() {
        return test;
    }

    /** Without which a block has no value that passes. */
    Literals literals() {
        return literals;
    }

    /** Are values that can pass found by a text that they must have, so that asking for all costs little? */
    boolean seeks(BlockReader block) {
        return needle != null && block.plainAscii;
    }

    /** Has the batch the text that a value must have? */
    boolean mayBeIn(EventBatch batch) {
        return needle == null || batch.rows() == 0 || needle.mayBeIn(batch.arena(), batch.bytes());
    }

    /**
     * The codes of the column whose value passes.
     *
     * @param wanted only these are of interest, where it pays to ask for some only; null: all
     */
    BitSet passing(BlockReader block, Column column, @Nullable BitSet wanted, BooleanSupplier stopped)
            throws IOException {
        var passing = new BitSet();
        var sought = block.plainAscii ? needle : null;
        for (int page = 0; page < column.pages() && !stopped.getAsBoolean(); page++) {
            int first = column.info.firstValue()[page];
            int next = wanted == null ? first : wanted.nextSetBit(first);
            if (next < 0 || next >= first + column.values(page)) {
                continue;
            }
            if (sought != null) {
                seek(sought, column, page, passing);
            } else {
                ask(column, page, wanted, passing);
            }
        }
        return passing;
    }

    private void ask(Column column, int page, @Nullable BitSet wanted, BitSet passing) throws IOException {
        int first = column.info.firstValue()[page];
        int n = column.values(page);
        var starts = column.starts(page);
        values.clear();
        int at = values.put(column.data(page), starts[0], starts[n] - starts[0]);
        for (int i = 0; i < n; i++) {
            values.beginRow(NO_ID, 0, -1, "");
            values.add(column.info.field(), at + starts[i] - starts[0], starts[i + 1] - starts[i], EventBatch.TEXT);
            values.endRow();
            if ((wanted == null || wanted.get(first + i)) && test.test(values, i)) {
                passing.set(first + i);
            }
        }
    }

    /** Looks for the needle in all of the page's values at once; only those that have it are asked. */
    private void seek(Needle sought, Column column, int page, BitSet passing) throws IOException {
        int first = column.info.firstValue()[page];
        int n = column.values(page);
        var data = column.data(page);
        int i = 0;
        int at = sought.find(data, column.dataStart(page), column.dataEnd(page));
        while (at >= 0) {
            var starts = column.starts(page);
            if (at < starts[0]) {
                at = sought.find(data, starts[0], starts[n]); // what looked like it were lengths
                continue;
            }
            while (starts[i + 1] <= at) {
                i++;
            }
            if (sought.isAll()) {
                if (at + sought.length() <= starts[i + 1]) { // else it begins in one value and ends in the next
                    passing.set(first + i);
                }
                at = sought.find(data, starts[++i], starts[n]);
                continue;
            }
            values.clear();
            int length = starts[i + 1] - starts[i];
            int value = values.put(data, starts[i], length);
            values.beginRow(NO_ID, 0, -1, "");
            values.add(column.info.field(), value, length, EventBatch.TEXT);
            values.endRow();
            if (test.test(values, 0)) {
                passing.set(first + i);
            }
            at = sought.find(data, starts[i + 1], starts[n]);
        }
    }
}
