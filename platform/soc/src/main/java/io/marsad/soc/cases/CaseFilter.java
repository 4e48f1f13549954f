package io.marsad.soc.cases;

import io.marsad.soc.alert.Severity;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cases are asked for; those that are part of another are in no list.
 *
 * @param status empty: any
 * @param severity empty: any
 * @param assignee the name of whoever has it
 * @param words all of which the title has, whatever their case
 */
public record CaseFilter(
        View view,
        Set<CaseStatus> status,
        Set<Severity> severity,
        @Nullable String assignee,
        @Nullable String words) {
    public CaseFilter {
        status = Set.copyOf(status);
        severity = Set.copyOf(severity);
    }

    /** Whose. */
    public enum View {
        /** Those that the caller has. */
        MINE,
        /** Of high or critical severity, that nobody has and that are not at an end. */
        UNASSIGNED,
        ALL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
