/** The rule engine, measured against other ways to do the same. */
@NullMarked
package io.marsad.bench.sigma;

import org.jspecify.annotations.NullMarked;
