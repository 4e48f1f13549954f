/** What was done by whom: reading, exporting and checking the audit log. */
@NullMarked
package io.marsad.soc.audit;

import org.jspecify.annotations.NullMarked;
