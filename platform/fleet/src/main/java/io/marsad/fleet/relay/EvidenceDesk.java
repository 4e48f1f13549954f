package io.marsad.fleet.relay;

import io.marsad.wire.PeerId;
import java.io.IOException;
import java.util.UUID;

/** Where proof goes that is too large for a report. Thread-safe. */
@FunctionalInterface
public interface EvidenceDesk {
    /**
     * What is to come.
     *
     * @param size of the whole, in bytes
     * @param sha256 of the whole, in hexadecimal digits
     */
    record Announced(PeerId endpoint, UUID action, String name, long size, String sha256) {}

    /** Takes the blocks of one piece, one after the other. */
    interface Receiving extends AutoCloseable {
        /** Bytes from the beginning that are kept durably. */
        long through();

        /**
         * Keeps the next block.
         *
         * @return what is kept durably now
         * @throws IOException when it cannot be kept, does not follow what is there, or the whole is not what was announced
         */
        long take(long offset, byte[] data) throws IOException;

        @Override
        void close();
    }

    /** @throws IOException when it is not to be taken: too large, nobody asked for it, or there is no room */
    Receiving receive(Announced announced) throws IOException;
}
