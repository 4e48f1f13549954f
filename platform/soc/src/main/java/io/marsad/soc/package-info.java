/** What people and their decisions are about: identity, alerts, intelligence, decisions, live updates; a package each. */
@NullMarked
package io.marsad.soc;

import org.jspecify.annotations.NullMarked;
