/** The rules in use. */
@NullMarked
package io.marsad.api.rules;

import org.jspecify.annotations.NullMarked;
