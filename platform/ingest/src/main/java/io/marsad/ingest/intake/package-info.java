/** What all doors share: records are checked, cleared of secrets, given their ids and made durable. */
@NullMarked
package io.marsad.ingest.intake;

import org.jspecify.annotations.NullMarked;
