/** How much speaks against a host, a user or another entity at a time, and what of it became a case. */
@NullMarked
package io.marsad.soc.risk;

import org.jspecify.annotations.NullMarked;
