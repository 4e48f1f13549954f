/** The one event type: batches of OCSF events as flat entries over one byte arena. */
@NullMarked
package io.marsad.kernel.event;

import org.jspecify.annotations.NullMarked;
