/** Indicators of compromise that a tenant keeps: looked for in every event, counted when seen, asked in decisions. */
@NullMarked
package io.marsad.soc.indicator;

import org.jspecify.annotations.NullMarked;
