/** The testkit module. */
@NullMarked
package io.marsad.testkit;

import org.jspecify.annotations.NullMarked;
