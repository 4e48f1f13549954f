/** The whole way of an event, measured: HTTP batches in, durable, every rule, searchable, an alert's row. */
@NullMarked
package io.marsad.bench.flow;

import org.jspecify.annotations.NullMarked;
