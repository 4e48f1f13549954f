/** {@code marsad bench}: measurements that anybody can repeat. Built beside the platform, never shipped with it. */
@NullMarked
package io.marsad.bench;

import org.jspecify.annotations.NullMarked;
