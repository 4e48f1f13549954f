@NullMarked
package io.marsad.api.live;

import org.jspecify.annotations.NullMarked;
