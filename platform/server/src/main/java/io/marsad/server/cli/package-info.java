/** The sub-commands. */
@NullMarked
package io.marsad.server.cli;

import org.jspecify.annotations.NullMarked;
