/** Conditions over the variables of a playbook: STIX comparison expressions, total, with nothing to call. */
@NullMarked
package io.marsad.respond.condition;

import org.jspecify.annotations.NullMarked;
