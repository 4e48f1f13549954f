/**
 * Runs that survive: their state is in the database, what they wait for is in the outbox, what they want done is an
 * action with a key by which a repetition is told.
 */
@NullMarked
package io.marsad.respond.durable;

import org.jspecify.annotations.NullMarked;
