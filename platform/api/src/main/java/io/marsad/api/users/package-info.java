/** The tenant's users and roles. */
@NullMarked
package io.marsad.api.users;

import org.jspecify.annotations.NullMarked;
