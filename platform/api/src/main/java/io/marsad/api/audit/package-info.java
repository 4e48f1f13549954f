/** The audit log over HTTP. */
@NullMarked
package io.marsad.api.audit;

import org.jspecify.annotations.NullMarked;
