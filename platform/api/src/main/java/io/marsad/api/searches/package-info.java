/** Searches that people keep, over HTTP. */
@NullMarked
package io.marsad.api.searches;

import org.jspecify.annotations.NullMarked;
