/** What happens, as it happens: server-sent events. */
@NullMarked
package io.marsad.api.live;

import org.jspecify.annotations.NullMarked;
