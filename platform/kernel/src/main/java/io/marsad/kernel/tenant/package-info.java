/** Whose data a piece of work is about, and on whose behalf it runs. */
@NullMarked
package io.marsad.kernel.tenant;

import org.jspecify.annotations.NullMarked;
