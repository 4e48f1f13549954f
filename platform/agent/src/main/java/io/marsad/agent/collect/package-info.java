/**
 * What is read on a host. Each collector reads below a {@link io.marsad.agent.collect.HostRoot} and gives JSON objects with
 * {@code source} and {@code time} (milliseconds since 1970, UTC); the rest is named as OCSF names it. What cannot be read is
 * counted and never stops a collector.
 */
@NullMarked
package io.marsad.agent.collect;

import org.jspecify.annotations.NullMarked;
