/** What becomes of an alert: escalated, closed or put before a person, by named rules first, each decision explained. */
@NullMarked
package io.marsad.soc.decision;

import org.jspecify.annotations.NullMarked;
