/** Signing in and out, and the tenant's tokens. */
@NullMarked
package io.marsad.api.auth;

import org.jspecify.annotations.NullMarked;
