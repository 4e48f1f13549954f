/** What crosses a trust boundary: signed envelopes and how they are verified. */
@NullMarked
package io.marsad.wire;

import org.jspecify.annotations.NullMarked;
