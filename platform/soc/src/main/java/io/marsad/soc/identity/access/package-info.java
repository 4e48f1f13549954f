/** Short-lived access tokens (JWT) and the keys that they are signed with. */
@NullMarked
package io.marsad.soc.identity.access;

import org.jspecify.annotations.NullMarked;
