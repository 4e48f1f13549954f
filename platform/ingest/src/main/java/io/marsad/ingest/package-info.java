/** The ingest module. */
@NullMarked
package io.marsad.ingest;

import org.jspecify.annotations.NullMarked;
