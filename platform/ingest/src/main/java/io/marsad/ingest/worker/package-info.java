/** The pass that makes events of records: normalize, recognise repetitions, detect, store, commit. */
@NullMarked
package io.marsad.ingest.worker;

import org.jspecify.annotations.NullMarked;
