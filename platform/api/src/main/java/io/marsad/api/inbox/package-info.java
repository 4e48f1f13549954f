/** What concerns one person, and who else is where they are. */
@NullMarked
package io.marsad.api.inbox;

import org.jspecify.annotations.NullMarked;
