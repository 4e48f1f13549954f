package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.normalize.format.PathTable;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.format.RecordParser;
import io.marsad.normalize.format.Tape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All mappings of one record format, compiled for one thread. */
final class FormatPlan {
    private final RecordParser parser;
    private final Tape tape = new Tape(new PathTable());
    private final Leaves leaves = new Leaves(tape);
    private final List<MappingPlan> mappings;
    private @Nullable Row row;

    FormatPlan(RecordFormat format, List<Mapping> described) {
        parser = format.newParser();
        var unmapped = new Unmapped();
        mappings = described.stream()
                .filter(mapping -> mapping.formats().contains(format))
                .map(mapping -> new MappingPlan(mapping, leaves, unmapped))
                .toList();
        for (Mapping mapping : described) {
            for (var kind : mapping.kinds()) {
                if (mapping.formats().contains(format)) {
                    kind.moves().keySet().forEach(leaves::path);
                }
            }
        }
        keepRuleNames();
        unmapped.contentIsRead(tape.paths());
    }

    /** Names that are fields already, those of rules among them: no flood of strange names makes a rule blind. */
    private void keepRuleNames() {
        for (int id = 0, known = Field.known(); id < known; id++) {
            var path = Field.byId(id).path();
            // a character is at most three bytes
            if (path.startsWith(Field.UNMAPPED)
                    && path.length() > Field.UNMAPPED.length()
                    && (path.length() - Field.UNMAPPED.length()) * 3 <= PathTable.MAX_PATH_BYTES) {
                leaves.path(path.substring(Field.UNMAPPED.length()));
            }
        }
    }

    @Nullable
    String normalize(RecordBatch records, int index, EventBatch out) {
        int offset = records.offset(index);
        int length = records.length(index);
        var refusal = parser.parse(records.bytes(), offset, length, records.received(), tape);
        if (refusal != null) {
            return refusal;
        }
        if (tape.size() == 0) {
            return "the record has no values";
        }
        leaves.begin();
        for (MappingPlan mapping : mappings) {
            if (mapping.takes(leaves)) {
                run(mapping, records, index, out);
                return null;
            }
        }
        return "no mapping takes such a record";
    }

    private void run(MappingPlan mapping, RecordBatch records, int index, EventBatch out) {
        long logOffset = records.baseOffset() < 0 ? -1 : records.baseOffset() + index;
        out.beginRow(records.id(index), records.received(), logOffset, records.origin());
        boolean done = false;
        try {
            int raw = out.raw(records.bytes(), records.offset(index), records.length(index));
            var target = row;
            if (target == null) {
                target = new Row(leaves, out);
                row = target;
            }
            target.begin(out, raw, records.received());
            mapping.run(leaves, target, out);
            if (records.synthetic(index)) {
                MappingPlan.label(target, "synthetic");
            }
            done = true;
        } finally {
            if (done) {
                out.endRow();
            } else {
                out.dropRow();
            }
        }
    }
}
