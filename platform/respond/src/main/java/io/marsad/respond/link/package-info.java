/** People agree to actions by a link of an e-mail: signed, theirs alone, good once. */
@NullMarked
package io.marsad.respond.link;

import org.jspecify.annotations.NullMarked;
