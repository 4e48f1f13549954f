/** Which values of an event are listed as indicators: a set of millions outside the heap, asked without allocating. */
@NullMarked
package io.marsad.match.indicator;

import org.jspecify.annotations.NullMarked;
