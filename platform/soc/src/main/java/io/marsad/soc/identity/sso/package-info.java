/** Signing in with a tenant's own OpenID provider. */
@NullMarked
package io.marsad.soc.identity.sso;

import org.jspecify.annotations.NullMarked;
