/** Every search operator and every rule as a search, over real events, against a naive filter. */
@NullMarked
package io.marsad.bench.search;

import org.jspecify.annotations.NullMarked;
