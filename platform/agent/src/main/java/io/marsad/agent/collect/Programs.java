package io.marsad.agent.collect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What programs of the host say. */
@FunctionalInterface
public interface Programs {
    /** All of it; null when there is nothing to be had now. */
    byte @Nullable [] at(List<String> command);

    /** How often one said more than is taken. */
    default long refusals() {
        return 0;
    }
}
