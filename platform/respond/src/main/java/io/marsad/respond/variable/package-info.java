/** The variables of playbooks: what they may hold, and texts that name them. */
@NullMarked
package io.marsad.respond.variable;

import org.jspecify.annotations.NullMarked;
