package io.marsad.agent.collect;

import tools.jackson.databind.node.ObjectNode;

/** Takes records. */
@FunctionalInterface
public interface Sink {
    /** @throws NoRoom to collectors that resume */
    void accept(ObjectNode found);
}
