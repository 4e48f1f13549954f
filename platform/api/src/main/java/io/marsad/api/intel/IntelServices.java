package io.marsad.api.intel;

import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.soc.indicator.feed.Feeds;
import io.marsad.soc.intel.service.Intelligence;

/** What is listed, what is known, and where it was seen. */
public record IntelServices(Indicators indicators, PastSightings past, Intelligence intelligence, Feeds feeds) {}
