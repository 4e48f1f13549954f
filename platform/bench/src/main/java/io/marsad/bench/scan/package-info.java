/** How long a scan takes, from the call to the last row. */
@NullMarked
package io.marsad.bench.scan;

import org.jspecify.annotations.NullMarked;
