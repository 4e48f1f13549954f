/** Decisions in service: made of every alert once, kept with their audit entries, and what people say of them. */
@NullMarked
package io.marsad.soc.decision.service;

import org.jspecify.annotations.NullMarked;
