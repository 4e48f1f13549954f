/** What a scan tells its user: tables, rows for other programs, a page. */
@NullMarked
package io.marsad.server.scan;

import org.jspecify.annotations.NullMarked;
