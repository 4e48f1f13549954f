/** Alerts of Microsoft Defender and Sentinel, as their table SecurityAlert has them, read for grouping. */
@NullMarked
package io.marsad.soc.correlate.securityalert;

import org.jspecify.annotations.NullMarked;
