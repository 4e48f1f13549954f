/** Runs queries: what the store can count it counts, the rest is streamed through stages in bounded memory. */
@NullMarked
package io.marsad.store.query.run;

import org.jspecify.annotations.NullMarked;
