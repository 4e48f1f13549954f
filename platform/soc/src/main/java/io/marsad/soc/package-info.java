/** The soc module. */
@NullMarked
package io.marsad.soc;

import org.jspecify.annotations.NullMarked;
