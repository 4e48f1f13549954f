/** How far a tenant lets a rule go: in the shadow it is watched and makes no work, disabled it is not heard. */
@NullMarked
package io.marsad.soc.stage;

import org.jspecify.annotations.NullMarked;
