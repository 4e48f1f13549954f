/** Sigma rules: read, checked, resolved to event fields and compiled into one matcher. */
@NullMarked
package io.marsad.sigma;

import org.jspecify.annotations.NullMarked;
