/** The endpoint agent: collects on a host, keeps what it collected until it is taken, and does what is signed. */
@NullMarked
package io.marsad.agent;

import org.jspecify.annotations.NullMarked;
