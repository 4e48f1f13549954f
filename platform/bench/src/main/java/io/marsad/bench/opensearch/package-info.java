/** The search engine that benchmarks compare with. */
@NullMarked
package io.marsad.bench.opensearch;

import org.jspecify.annotations.NullMarked;
