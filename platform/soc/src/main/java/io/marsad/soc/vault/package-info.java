/** Looking after the keys that secrets are encrypted by. */
@NullMarked
package io.marsad.soc.vault;

import org.jspecify.annotations.NullMarked;
