/** The control plane's side of endpoints and relays: who is let in, what they are told, and what comes of it. */
@NullMarked
package io.marsad.fleet.control;

import org.jspecify.annotations.NullMarked;
