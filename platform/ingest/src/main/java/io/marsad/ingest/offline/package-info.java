/** Correlating what was collected in any order: for scans of files and hunts in the store. */
@NullMarked
package io.marsad.ingest.offline;

import org.jspecify.annotations.NullMarked;
