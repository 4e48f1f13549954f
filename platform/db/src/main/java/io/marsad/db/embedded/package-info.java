/** A PostgreSQL server that Marsad unpacks, starts, watches and stops itself. */
@NullMarked
package io.marsad.db.embedded;

import org.jspecify.annotations.NullMarked;
