/** What happens in a tenant, as it happens, with nothing missed on resuming. */
@NullMarked
package io.marsad.soc.live;

import org.jspecify.annotations.NullMarked;
