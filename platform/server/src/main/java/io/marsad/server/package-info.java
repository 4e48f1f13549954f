/** The composition root and the command line. */
@NullMarked
package io.marsad.server;

import org.jspecify.annotations.NullMarked;
