/** What every route shares: the gate, the exchange, bodies, errors, the console's files. */
@NullMarked
package io.marsad.api.http;

import org.jspecify.annotations.NullMarked;
