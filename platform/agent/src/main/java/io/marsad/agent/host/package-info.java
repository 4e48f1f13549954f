/** What is asked of the host by running its programs. */
@NullMarked
package io.marsad.agent.host;

import org.jspecify.annotations.NullMarked;
