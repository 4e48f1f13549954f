package io.marsad.respond.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a step, for the history of the run.
 *
 * @param parent visit of the step whose branch it is in; 0 for the workflow itself
 * @param detail why it failed, which way a choice went; null: nothing to say
 * @param values that it gave to variables
 */
public record StepChange(
        int visit,
        int parent,
        String step,
        Status status,
        @Nullable String detail,
        Map<String, @Nullable String> values) {
    public StepChange {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** How it stands. */
    public enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        CANCELLED
    }
}
