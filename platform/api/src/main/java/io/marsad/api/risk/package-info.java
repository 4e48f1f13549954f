/** How much speaks against entities, and what is known of each. */
@NullMarked
package io.marsad.api.risk;

import org.jspecify.annotations.NullMarked;
