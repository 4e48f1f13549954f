/** What is not to become an alert, and what was hidden by it. */
@NullMarked
package io.marsad.soc.suppression;

import org.jspecify.annotations.NullMarked;
