/** What is to be done about changes, exactly once: put with the change, taken out with what was done about it. */
@NullMarked
package io.marsad.db.outbox;

import org.jspecify.annotations.NullMarked;
