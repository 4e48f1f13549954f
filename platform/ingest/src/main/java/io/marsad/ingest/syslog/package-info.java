/** The syslog doors: UDP and TCP listeners that belong to one tenant. */
@NullMarked
package io.marsad.ingest.syslog;

import org.jspecify.annotations.NullMarked;
