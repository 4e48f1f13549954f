/** Sigma correlations: several matches over event time become one alert. */
@NullMarked
package io.marsad.sigma.correlation;

import org.jspecify.annotations.NullMarked;
