/** What is collected on a host, as somebody signed it. */
@NullMarked
package io.marsad.agent.policy;

import org.jspecify.annotations.NullMarked;
