/** The Sigma engine held against the slow reference matcher: generated rules, and the public rules over real logs. */
@NullMarked
package io.marsad.bench.diff;

import org.jspecify.annotations.NullMarked;
