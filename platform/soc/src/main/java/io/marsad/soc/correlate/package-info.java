/** Grouping of alerts into stories by what they share, when, and how far an attack has come; every link says why. */
@NullMarked
package io.marsad.soc.correlate;

import org.jspecify.annotations.NullMarked;
