/**
 * How a playbook is gone through: a pure function from where a run stands and what has happened to where it stands then
 * and what is to be done. Whoever keeps the state and does the deeds is elsewhere.
 */
@NullMarked
package io.marsad.respond.run;

import org.jspecify.annotations.NullMarked;
