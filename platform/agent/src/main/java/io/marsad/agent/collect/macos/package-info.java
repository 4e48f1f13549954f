/**
 * What is read on macOS, by programs that come with it. Tested on what they are documented to say, not on a Mac.
 */
@NullMarked
package io.marsad.agent.collect.macos;

import org.jspecify.annotations.NullMarked;
