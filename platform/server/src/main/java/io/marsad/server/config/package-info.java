/** The installation's configuration: read once, refused whole when anything in it is wrong. */
@NullMarked
package io.marsad.server.config;

import org.jspecify.annotations.NullMarked;
