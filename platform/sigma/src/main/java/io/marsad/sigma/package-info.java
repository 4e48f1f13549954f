/** The sigma module. */
@NullMarked
package io.marsad.sigma;

import org.jspecify.annotations.NullMarked;
