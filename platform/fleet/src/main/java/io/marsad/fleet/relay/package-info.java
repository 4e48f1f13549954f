/** The relay: who is let in at the boundary, what it takes from endpoints, and what it passes on to them. */
@NullMarked
package io.marsad.fleet.relay;

import org.jspecify.annotations.NullMarked;
