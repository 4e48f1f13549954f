/** Mappings: from a source's own names to OCSF, described in YAML, compiled, and run on record batches. */
@NullMarked
package io.marsad.normalize.mapping;

import org.jspecify.annotations.NullMarked;
