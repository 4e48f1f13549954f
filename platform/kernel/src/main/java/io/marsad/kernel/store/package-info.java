/** The port of the event store: append batches, search, count over time, fetch one. */
@NullMarked
package io.marsad.kernel.store;

import org.jspecify.annotations.NullMarked;
