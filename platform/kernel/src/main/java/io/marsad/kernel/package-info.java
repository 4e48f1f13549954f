/** The nouns and ports of the platform; no sockets, no database. */
@NullMarked
package io.marsad.kernel;

import org.jspecify.annotations.NullMarked;
