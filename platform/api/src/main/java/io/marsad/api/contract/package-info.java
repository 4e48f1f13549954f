/** The API contract as the router reads it: what each route needs and what its input has to look like. */
@NullMarked
package io.marsad.api.contract;

import org.jspecify.annotations.NullMarked;
