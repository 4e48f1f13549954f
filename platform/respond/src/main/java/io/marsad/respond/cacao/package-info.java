/** Playbooks as CACAO 2.0 describes them: read from JSON or YAML, checked, written back without a loss. */
@NullMarked
package io.marsad.respond.cacao;

import org.jspecify.annotations.NullMarked;
