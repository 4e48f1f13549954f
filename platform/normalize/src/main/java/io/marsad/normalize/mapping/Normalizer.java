package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.normalize.format.RecordFormat;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of records: parses, finds the mapping and the kind of event, puts every value where the mapping wants it
 * or under {@code unmapped}, adds what can be derived. Values that need no change point into the raw record.
 *
 * <p>Holds scratch memory and learns names as it goes: one thread uses it. Compiles a format's mappings when the first
 * record of the format comes.
 */
public final class Normalizer {
    private final MappingSet mappings;
    private final Map<RecordFormat, FormatPlan> plans = new EnumMap<>(RecordFormat.class);

    public Normalizer(MappingSet mappings) {
        this.mappings = mappings;
    }

    /**
     * Adds the record's event to the batch as a row. An event's time that is before 2000 or more than a day ahead of when
     * the record was received becomes the latter, with the label {@code ts-clamped}.
     *
     * @return null when a row was added, else why the record is not an event (then the batch is as before)
     */
    public @Nullable String normalize(RecordBatch records, int index, EventBatch out) {
        var format = records.format().equals(RecordFormat.AUTO)
                ? RecordFormat.detect(records.bytes(), records.offset(index), records.length(index))
                : RecordFormat.of(records.format());
        if (format == null) {
            return "no record format '" + records.format() + "'";
        }
        var plan = plans.get(format);
        if (plan == null) {
            plan = new FormatPlan(format, mappings.all());
            plans.put(format, plan);
        }
        return plan.normalize(records, index, out);
    }
}
