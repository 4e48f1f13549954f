/** Talking to other products on a tenant's behalf, so that nobody reaches the inside of a network by it. */
@NullMarked
package io.marsad.connect;

import org.jspecify.annotations.NullMarked;
