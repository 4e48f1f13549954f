/** Signed tokens (JWS, JWK, JWT: RFC 7515, 7517, 7519), as far as sign-in and access tokens need them. */
@NullMarked
package io.marsad.soc.identity.jose;

import org.jspecify.annotations.NullMarked;
