/** Rules on the command line: explained against events, and imported from elsewhere. */
@NullMarked
package io.marsad.server.rules;

import org.jspecify.annotations.NullMarked;
