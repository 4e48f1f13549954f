@NullMarked
package io.marsad.api.ingest;

import org.jspecify.annotations.NullMarked;
