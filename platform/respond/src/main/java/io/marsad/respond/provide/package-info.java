/** Who does actions: the tenant's connections, and the platform itself. */
@NullMarked
package io.marsad.respond.provide;

import org.jspecify.annotations.NullMarked;
