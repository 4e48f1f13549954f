/** Playbooks, their runs, and the actions that they or people ask for. */
@NullMarked
package io.marsad.api.respond;

import org.jspecify.annotations.NullMarked;
