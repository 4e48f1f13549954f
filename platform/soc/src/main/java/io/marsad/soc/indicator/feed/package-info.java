/** Feeds of indicators that a tenant has fetched now and then. */
@NullMarked
package io.marsad.soc.indicator.feed;

import org.jspecify.annotations.NullMarked;
