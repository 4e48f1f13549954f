/** One click about a rule that is wrong too often: what it would have lost, the act itself, and its undoing. */
@NullMarked
package io.marsad.soc.tuning;

import org.jspecify.annotations.NullMarked;
