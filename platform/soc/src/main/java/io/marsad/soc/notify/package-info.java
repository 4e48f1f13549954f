/** Tells people outside the console of alerts that are escalated. */
@NullMarked
package io.marsad.soc.notify;

import org.jspecify.annotations.NullMarked;
