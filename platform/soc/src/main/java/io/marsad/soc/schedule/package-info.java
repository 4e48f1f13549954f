/** Searches that run by themselves at set times, and what they found. */
@NullMarked
package io.marsad.soc.schedule;

import org.jspecify.annotations.NullMarked;
