/** What a tenant knows of its hosts, people and others, and how much more or less alerts about them weigh. */
@NullMarked
package io.marsad.soc.context;

import org.jspecify.annotations.NullMarked;
