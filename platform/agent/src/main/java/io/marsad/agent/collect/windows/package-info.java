/**
 * What is read on Windows, by programs that come with it. Tested on what they are documented to say, not on a Windows.
 */
@NullMarked
package io.marsad.agent.collect.windows;

import org.jspecify.annotations.NullMarked;
