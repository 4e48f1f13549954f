/** What people keep of their searches: views under a name, and what they asked lately. */
@NullMarked
package io.marsad.soc.search;

import org.jspecify.annotations.NullMarked;
