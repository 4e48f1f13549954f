/** What a relay costs with many agents connected to it. */
@NullMarked
package io.marsad.bench.relay;

import org.jspecify.annotations.NullMarked;
