/** Retro-hunts over HTTP. */
@NullMarked
package io.marsad.api.hunts;

import org.jspecify.annotations.NullMarked;
