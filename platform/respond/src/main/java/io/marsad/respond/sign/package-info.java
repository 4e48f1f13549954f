/** What is done was agreed to as it is: actions are signed before they are begun, and verified before they are done. */
@NullMarked
package io.marsad.respond.sign;

import org.jspecify.annotations.NullMarked;
