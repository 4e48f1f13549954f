/** Proves manifests against recorded exchanges, over a real connection to a server of our own. */
@NullMarked
package io.marsad.connect.replay;

import org.jspecify.annotations.NullMarked;
