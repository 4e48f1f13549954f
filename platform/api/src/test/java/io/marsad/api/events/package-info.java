@NullMarked
package io.marsad.api.events;

import org.jspecify.annotations.NullMarked;
