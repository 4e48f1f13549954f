/** Event log and event store on a disk that fails, for as many histories as there is time. */
@NullMarked
package io.marsad.bench.faults;

import org.jspecify.annotations.NullMarked;
