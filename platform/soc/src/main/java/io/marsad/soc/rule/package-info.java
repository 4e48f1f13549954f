/** The detection rules in use, for people who look for one. */
@NullMarked
package io.marsad.soc.rule;

import org.jspecify.annotations.NullMarked;
