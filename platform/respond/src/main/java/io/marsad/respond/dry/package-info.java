/** Runs of playbooks that change nothing: what would be done, on whom, and who would be asked. */
@NullMarked
package io.marsad.respond.dry;

import org.jspecify.annotations.NullMarked;
