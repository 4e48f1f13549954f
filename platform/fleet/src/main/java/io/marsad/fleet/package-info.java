/** Endpoints: who is enrolled, what they are told, and what they say. */
@NullMarked
package io.marsad.fleet;

import org.jspecify.annotations.NullMarked;
