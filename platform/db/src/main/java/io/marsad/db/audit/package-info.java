/** The append-only, hash-chained record of what was done by whom. */
@NullMarked
package io.marsad.db.audit;

import org.jspecify.annotations.NullMarked;
