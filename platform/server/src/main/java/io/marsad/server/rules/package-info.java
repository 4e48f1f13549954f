/** Rules explained against events, on the command line. */
@NullMarked
package io.marsad.server.rules;

import org.jspecify.annotations.NullMarked;
