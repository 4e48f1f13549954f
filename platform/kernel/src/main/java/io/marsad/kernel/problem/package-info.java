/** What went wrong, in the one shape that the API, the command line and the log share (RFC 9457). */
@NullMarked
package io.marsad.kernel.problem;

import org.jspecify.annotations.NullMarked;
