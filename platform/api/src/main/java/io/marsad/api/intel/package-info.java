/** Indicators that a tenant lists, and what intelligence says of values. */
@NullMarked
package io.marsad.api.intel;

import org.jspecify.annotations.NullMarked;
