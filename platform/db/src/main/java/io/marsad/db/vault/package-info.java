/** Secrets that have to be read again, encrypted by keys that are not in the database. */
@NullMarked
package io.marsad.db.vault;

import org.jspecify.annotations.NullMarked;
