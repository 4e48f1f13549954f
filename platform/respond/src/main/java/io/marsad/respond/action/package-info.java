/** The actions that there are, what each may do, and who has to agree before it is done. */
@NullMarked
package io.marsad.respond.action;

import org.jspecify.annotations.NullMarked;
