/** The OCSF schema, and events as OCSF JSON. */
@NullMarked
package io.marsad.kernel.ocsf;

import org.jspecify.annotations.NullMarked;
