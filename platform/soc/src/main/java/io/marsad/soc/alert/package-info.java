/** Alerts: raised once from detections, queued, explained, decided. */
@NullMarked
package io.marsad.soc.alert;

import org.jspecify.annotations.NullMarked;
