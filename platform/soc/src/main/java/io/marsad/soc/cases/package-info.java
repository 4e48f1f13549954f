/** Cases: alerts that tell one story, what people did about it, and what proves it. */
@NullMarked
package io.marsad.soc.cases;

import org.jspecify.annotations.NullMarked;
