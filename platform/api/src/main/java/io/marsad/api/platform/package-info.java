/** Health, readiness and metrics of the process. */
@NullMarked
package io.marsad.api.platform;

import org.jspecify.annotations.NullMarked;
