/** Runs the samples beside rules: those that must fire and those that must stay silent. */
@NullMarked
package io.marsad.sigma.proof;

import org.jspecify.annotations.NullMarked;
