/** The port of the durable event log: raw records in, batches out, in order. */
@NullMarked
package io.marsad.kernel.log;

import org.jspecify.annotations.NullMarked;
