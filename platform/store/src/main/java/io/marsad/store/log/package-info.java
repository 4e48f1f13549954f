/** The embedded event log: checksummed segment files with group commit, behind the kernel's {@code EventLog} port. */
@NullMarked
package io.marsad.store.log;

import org.jspecify.annotations.NullMarked;
