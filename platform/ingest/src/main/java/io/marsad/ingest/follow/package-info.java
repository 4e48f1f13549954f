/** Watching logs of the machine that the platform runs on. */
@NullMarked
package io.marsad.ingest.follow;

import org.jspecify.annotations.NullMarked;
