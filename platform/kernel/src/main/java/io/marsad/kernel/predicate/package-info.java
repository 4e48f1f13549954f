/** The predicate tree that rules, searches and filters all become. */
@NullMarked
package io.marsad.kernel.predicate;

import org.jspecify.annotations.NullMarked;
