/** The installation's tenants over HTTP, for those who run it, and a tenant's own quota. */
@NullMarked
package io.marsad.api.tenants;

import org.jspecify.annotations.NullMarked;
