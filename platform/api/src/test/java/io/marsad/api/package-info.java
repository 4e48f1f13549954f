@NullMarked
package io.marsad.api;

import org.jspecify.annotations.NullMarked;
