/** What is decided about alerts, and what people say of it. */
@NullMarked
package io.marsad.api.decisions;

import org.jspecify.annotations.NullMarked;
