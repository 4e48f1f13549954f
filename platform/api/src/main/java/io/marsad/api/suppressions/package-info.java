/** What is not to become an alert. */
@NullMarked
package io.marsad.api.suppressions;

import org.jspecify.annotations.NullMarked;
