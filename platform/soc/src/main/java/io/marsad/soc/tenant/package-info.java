/** The tenants of an installation as those who run it see them: making, limiting, suspending and deleting them. */
@NullMarked
package io.marsad.soc.tenant;

import org.jspecify.annotations.NullMarked;
