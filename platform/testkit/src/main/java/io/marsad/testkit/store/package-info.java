/** Histories of event log and event store on a disk that fails, and what has to hold after each. */
@NullMarked
package io.marsad.testkit.store;

import org.jspecify.annotations.NullMarked;
