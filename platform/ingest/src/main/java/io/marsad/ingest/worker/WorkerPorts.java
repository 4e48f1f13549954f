package io.marsad.ingest.worker;

import io.marsad.db.Database;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.store.EventStore;
import java.time.InstantSource;

/** What the workers work between. They close none of it. */
public record WorkerPorts(EventLog log, EventStore store, Database database, InstantSource clock) {}
