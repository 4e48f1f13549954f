package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;

/** Events of one source that look alike, as some mapping makes them. Thread-safe. */
public interface ProvidedEvents {
    LogSource source();

    /** False when such an event never has a value there. */
    boolean mayHave(Field field);
}
