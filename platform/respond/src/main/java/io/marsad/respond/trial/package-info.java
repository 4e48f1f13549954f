/** Runs of playbooks without anything around them: recorded answers, a clock of their own, nothing that goes out. */
@NullMarked
package io.marsad.respond.trial;

import org.jspecify.annotations.NullMarked;
