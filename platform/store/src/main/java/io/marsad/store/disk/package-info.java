/** The file system as the event log and the event store need it, so that tests can put a disk behind them that fails. */
@NullMarked
package io.marsad.store.disk;

import org.jspecify.annotations.NullMarked;
