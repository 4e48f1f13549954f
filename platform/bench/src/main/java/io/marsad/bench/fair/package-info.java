/** What one tenant's heavy questions cost another's. */
@NullMarked
package io.marsad.bench.fair;

import org.jspecify.annotations.NullMarked;
