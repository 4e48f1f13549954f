/** What is known of a host, a user or another entity: its alerts, whom they name beside it, and what an attack reaches from it. */
@NullMarked
package io.marsad.soc.entity;

import org.jspecify.annotations.NullMarked;
