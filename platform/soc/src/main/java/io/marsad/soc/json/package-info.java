/** Reading JSON that strangers wrote. */
@NullMarked
package io.marsad.soc.json;

import org.jspecify.annotations.NullMarked;
