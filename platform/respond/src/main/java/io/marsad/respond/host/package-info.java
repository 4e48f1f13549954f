/** Actions that agents do on their hosts: what is signed for each, and what they say came of it. */
@NullMarked
package io.marsad.respond.host;

import org.jspecify.annotations.NullMarked;
