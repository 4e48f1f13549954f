/** The normalize module. */
@NullMarked
package io.marsad.normalize;

import org.jspecify.annotations.NullMarked;
