/** What concerns one person: what they were given, where they are named. */
@NullMarked
package io.marsad.soc.inbox;

import org.jspecify.annotations.NullMarked;
