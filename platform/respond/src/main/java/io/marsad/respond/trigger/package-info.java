/** What starts runs, and what they are told of what started them. */
@NullMarked
package io.marsad.respond.trigger;

import org.jspecify.annotations.NullMarked;
