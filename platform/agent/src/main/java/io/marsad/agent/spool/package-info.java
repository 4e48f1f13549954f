/** What was collected and not yet taken, on disk: bounded, and there again after a reboot, a kill -9 or a full disk. */
@NullMarked
package io.marsad.agent.spool;

import org.jspecify.annotations.NullMarked;
