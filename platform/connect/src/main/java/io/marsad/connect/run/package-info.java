/** One engine that does what manifests describe, and says honestly what came of it. */
@NullMarked
package io.marsad.connect.run;

import org.jspecify.annotations.NullMarked;
