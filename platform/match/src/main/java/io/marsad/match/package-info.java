/** Predicates compiled for speed: one against many events, many against one event. */
@NullMarked
package io.marsad.match;

import org.jspecify.annotations.NullMarked;
