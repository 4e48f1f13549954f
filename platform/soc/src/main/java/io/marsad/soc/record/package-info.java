/** What became of a rule's alerts, as numbers: how often it was right, and how sure that is. */
@NullMarked
package io.marsad.soc.record;

import org.jspecify.annotations.NullMarked;
