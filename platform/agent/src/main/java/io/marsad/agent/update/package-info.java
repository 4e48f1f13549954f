/** Another version of the agent in place of this one: fetched as a signed policy names it, tried, and given up when it fails. */
@NullMarked
package io.marsad.agent.update;

import org.jspecify.annotations.NullMarked;
