package io.marsad.fleet.osquery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The packs that the hosts of a group are given.
 *
 * @param version from 1; 0: nobody has chosen any, these are the usual ones
 * @param packs by name
 * @param madeBy null: nobody
 * @param hosts of the group with osquery
 */
public record Assignment(
        String group,
        long version,
        List<String> packs,
        String note,
        @Nullable String madeBy,
        @Nullable Instant madeAt,
        int hosts) {
    public Assignment {
        packs = List.copyOf(packs);
    }

    Assignment withHosts(int count) {
        return new Assignment(group, version, packs, note, madeBy, madeAt, count);
    }
}
