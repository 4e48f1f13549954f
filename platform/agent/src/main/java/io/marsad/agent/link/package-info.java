/** The way to a relay: being let in, sending what was collected, hearing what is to be collected. */
@NullMarked
package io.marsad.agent.link;

import org.jspecify.annotations.NullMarked;
