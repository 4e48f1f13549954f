/** Queries that people put to hosts, and what the hosts answer. */
@NullMarked
package io.marsad.fleet.live;

import org.jspecify.annotations.NullMarked;
