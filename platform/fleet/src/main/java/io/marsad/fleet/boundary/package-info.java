/** A relay: what stands between the hosts of a customer and the control plane, and goes on while that is away. */
@NullMarked
package io.marsad.fleet.boundary;

import org.jspecify.annotations.NullMarked;
