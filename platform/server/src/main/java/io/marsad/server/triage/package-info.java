/** Deciding recorded alerts with recorded intelligence, without any service. */
@NullMarked
package io.marsad.server.triage;

import org.jspecify.annotations.NullMarked;
