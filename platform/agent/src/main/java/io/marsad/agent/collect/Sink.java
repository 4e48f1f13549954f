package io.marsad.agent.collect;

import tools.jackson.databind.node.ObjectNode;

/** Takes records. */
@FunctionalInterface
public interface Sink {
    void accept(ObjectNode found);
}
