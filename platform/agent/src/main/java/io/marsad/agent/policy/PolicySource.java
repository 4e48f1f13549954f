package io.marsad.agent.policy;

import java.io.IOException;
import java.util.Optional;

/** Hands over policies whose signature was verified. */
@FunctionalInterface
public interface PolicySource {
    /**
     * The newest policy, or nothing.
     *
     * @return JSON, at most {@link PolicyReader#LIMIT} bytes
     */
    Optional<byte[]> newest() throws IOException;
}
