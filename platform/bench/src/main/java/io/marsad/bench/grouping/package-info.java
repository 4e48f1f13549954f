/** {@code marsad bench grouping}: how well, how robustly and how fast alerts are grouped. */
@NullMarked
package io.marsad.bench.grouping;

import org.jspecify.annotations.NullMarked;
