/** What a week of decisions says of rules, thresholds and the model: the weekly feedback report. */
@NullMarked
package io.marsad.soc.report;

import org.jspecify.annotations.NullMarked;
