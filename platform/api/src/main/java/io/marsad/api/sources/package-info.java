/** What arrives, and what becomes of it. */
@NullMarked
package io.marsad.api.sources;

import org.jspecify.annotations.NullMarked;
