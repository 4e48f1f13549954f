/** The db module. */
@NullMarked
package io.marsad.db;

import org.jspecify.annotations.NullMarked;
