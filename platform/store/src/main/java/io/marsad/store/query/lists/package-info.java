/** Lists that {@code lookup} asks, read from files of comma-separated values. */
@NullMarked
package io.marsad.store.query.lists;

import org.jspecify.annotations.NullMarked;
