/** The platform as its own command line sees it: through the HTTP interface, like everybody else. */
@NullMarked
package io.marsad.server.client;

import org.jspecify.annotations.NullMarked;
