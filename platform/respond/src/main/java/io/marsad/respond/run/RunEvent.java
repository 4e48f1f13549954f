package io.marsad.respond.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has happened to a run from outside; time passes by itself. */
public sealed interface RunEvent {
    /**
     * What was asked for was done. What a run does not wait for (any more) is left aside.
     *
     * @param visit and attempt as in the {@link RunEffect}
     * @param outputs by name: of a typed action its outputs, of everything else variables
     */
    record Done(int visit, int attempt, Map<String, @Nullable String> outputs) implements RunEvent {
        public Done {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }

    /**
     * It was not done, for certain.
     *
     * @param again whether another try could succeed
     */
    record Failed(int visit, int attempt, String reason, boolean again) implements RunEvent {}

    /** Somebody wants it to end. */
    record Cancelled(String reason) implements RunEvent {}
}
