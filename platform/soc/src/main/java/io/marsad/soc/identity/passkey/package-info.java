/** Signing in with passkeys (WebAuthn level 3). */
@NullMarked
package io.marsad.soc.identity.passkey;

import org.jspecify.annotations.NullMarked;
