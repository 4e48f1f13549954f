/** The keys that secrets are encrypted by, over HTTP. */
@NullMarked
package io.marsad.api.vault;

import org.jspecify.annotations.NullMarked;
