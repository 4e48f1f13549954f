/** Certificates of endpoints and relays: each tenant has an authority of its own. */
@NullMarked
package io.marsad.fleet.identity;

import org.jspecify.annotations.NullMarked;
