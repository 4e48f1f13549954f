package io.marsad.ingest.worker;

import io.marsad.kernel.log.RecordBatch;

/** A record that did not become an event, and why. */
record DeadRecord(RecordBatch records, int index, String reason) {}
