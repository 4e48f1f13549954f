/** What osquery says and is told over its remote API. */
@NullMarked
package io.marsad.fleet.osquery;

import org.jspecify.annotations.NullMarked;
