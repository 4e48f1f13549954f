/** Who may sign in, as what, and for which tenant. */
@NullMarked
package io.marsad.soc.identity;

import org.jspecify.annotations.NullMarked;
