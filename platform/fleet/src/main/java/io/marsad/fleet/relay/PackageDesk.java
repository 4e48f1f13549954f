package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.PackageBlock;
import java.io.IOException;

/** Where packages of the agent are. Thread-safe. */
@FunctionalInterface
public interface PackageDesk {
    /**
     * A block of one.
     *
     * @param sha256 of the whole, in hexadecimal digits
     * @param offset from its beginning; a multiple of {@link io.marsad.wire.AgentPackage#BLOCK}
     * @throws NotYet when it is on its way here
     * @throws IOException when there is none, or it cannot be read
     */
    PackageBlock read(String sha256, long offset) throws IOException, NotYet;

    /** It is there later. */
    final class NotYet extends Exception {
        private static final long serialVersionUID = 1;

        public NotYet(String message) {
            super(message);
        }
    }
}
