/** Where people are told of escalated alerts. */
@NullMarked
package io.marsad.api.notify;

import org.jspecify.annotations.NullMarked;
