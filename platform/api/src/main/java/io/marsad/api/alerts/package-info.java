/** The alert queue. */
@NullMarked
package io.marsad.api.alerts;

import org.jspecify.annotations.NullMarked;
