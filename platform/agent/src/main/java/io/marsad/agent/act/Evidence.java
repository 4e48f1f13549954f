package io.marsad.agent.act;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Sends what proves an action and is too large for its report. */
@FunctionalInterface
public interface Evidence {
    /**
     * All of it, going on where it was broken off before.
     *
     * @throws IOException when it cannot be sent now
     */
    void send(UUID action, String name, Path file, String sha256) throws IOException, InterruptedException;
}
