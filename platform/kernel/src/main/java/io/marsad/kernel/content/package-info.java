/** Reading content (YAML): nodes that know their file and line, and errors that say them. */
@NullMarked
package io.marsad.kernel.content;

import org.jspecify.annotations.NullMarked;
