/** What strangers may send, thrown at the readers by a fuzzer for as long as it is let. */
@NullMarked
package io.marsad.bench.fuzz;

import org.jspecify.annotations.NullMarked;
