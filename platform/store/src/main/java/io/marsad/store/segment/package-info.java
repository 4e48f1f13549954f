/** The embedded event store: columnar segments per tenant, an open part that is searchable at once, and a journal. */
@NullMarked
package io.marsad.store.segment;

import org.jspecify.annotations.NullMarked;
