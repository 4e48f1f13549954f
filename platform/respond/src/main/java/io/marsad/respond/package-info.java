/** What the platform does about what it found: playbooks, their runs, the actions that they ask for. */
@NullMarked
package io.marsad.respond;

import org.jspecify.annotations.NullMarked;
