/** Rule sets from elsewhere: taken in, kept apart, and with where they are from and their licence. */
@NullMarked
package io.marsad.server.imports;

import org.jspecify.annotations.NullMarked;
