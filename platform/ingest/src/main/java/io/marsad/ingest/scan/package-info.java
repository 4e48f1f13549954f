/** Detection over files: no server, no database, all processors. */
@NullMarked
package io.marsad.ingest.scan;

import org.jspecify.annotations.NullMarked;
