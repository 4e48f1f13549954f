/** The way up, for those that were let in: agents to their relay, relays to the control plane. */
@NullMarked
package io.marsad.uplink;

import org.jspecify.annotations.NullMarked;
