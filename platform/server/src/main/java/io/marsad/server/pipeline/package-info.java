/** From what the rules find to what alerts are made of. */
@NullMarked
package io.marsad.server.pipeline;

import org.jspecify.annotations.NullMarked;
