/** MQL, the search language: text to a {@link io.marsad.kernel.predicate.Predicate}, with errors that point at the column. */
@NullMarked
package io.marsad.store.query;

import org.jspecify.annotations.NullMarked;
