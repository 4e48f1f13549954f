package io.marsad.store.query.run;

import org.jspecify.annotations.Nullable;

/** A value of a row. Never fails. Belongs to one thread. */
@FunctionalInterface
interface Computed {
    @Nullable
    Object of(Row row);
}
