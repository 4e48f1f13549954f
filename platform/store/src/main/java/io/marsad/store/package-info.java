/** The store module. */
@NullMarked
package io.marsad.store;

import org.jspecify.annotations.NullMarked;
