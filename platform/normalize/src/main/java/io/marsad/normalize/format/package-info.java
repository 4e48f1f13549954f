/** From the bytes of a record, in whatever format it came, to a flat tape of named values. */
@NullMarked
package io.marsad.normalize.format;

import org.jspecify.annotations.NullMarked;
