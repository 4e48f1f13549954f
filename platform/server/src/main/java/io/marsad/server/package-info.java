/** The server module. */
@NullMarked
package io.marsad.server;

import org.jspecify.annotations.NullMarked;
