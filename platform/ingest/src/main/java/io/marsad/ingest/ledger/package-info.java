/** What became of what was sent: sources, the balance of records, dead letters. */
@NullMarked
package io.marsad.ingest.ledger;

import org.jspecify.annotations.NullMarked;
