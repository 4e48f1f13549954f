/** The match module. */
@NullMarked
package io.marsad.match;

import org.jspecify.annotations.NullMarked;
