/** The event store measured beside OpenSearch: the same events, machine and run. */
@NullMarked
package io.marsad.bench.store;

import org.jspecify.annotations.NullMarked;
