/** Endpoints: the doors that they speak to, and what people see and say of them. */
@NullMarked
package io.marsad.api.fleet;

import org.jspecify.annotations.NullMarked;
