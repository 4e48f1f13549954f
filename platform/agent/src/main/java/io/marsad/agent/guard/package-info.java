/** What the agent allows itself: records and bytes a second for each collector, and CPU. */
@NullMarked
package io.marsad.agent.guard;

import org.jspecify.annotations.NullMarked;
