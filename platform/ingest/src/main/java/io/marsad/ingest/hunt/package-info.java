/** Retro-hunts: rules run over events that are stored already. */
@NullMarked
package io.marsad.ingest.hunt;

import org.jspecify.annotations.NullMarked;
