/** One running node: what is built, in which order, and closed in reverse. */
@NullMarked
package io.marsad.server.node;

import org.jspecify.annotations.NullMarked;
