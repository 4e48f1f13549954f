package io.marsad.normalize.mapping;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;

/**
 * Where a mapping puts what its source calls by a name.
 *
 * @param source the events that it does so for
 * @param name the source's own name, e.g. {@code CommandLine} or {@code userIdentity.arn}
 */
public record NativeField(LogSource source, String name, Field field) {}
