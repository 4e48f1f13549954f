/** Cases. */
@NullMarked
package io.marsad.api.cases;

import org.jspecify.annotations.NullMarked;
