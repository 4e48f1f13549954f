package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.wire.PeerId;

/** Where relays of a tenant say how they are, and hear whom they may speak with. Thread-safe. */
@FunctionalInterface
public interface RelayDesk {
    /** A relay that is there. Its states come one after the other. */
    interface Attendance extends AutoCloseable {
        void heard(RelayState state);

        @Override
        void close();
    }

    /** What a relay is told. */
    @FunctionalInterface
    interface Line {
        /** @return false when it is gone */
        boolean send(Roster roster);
    }

    /** A relay is there: the whole roster is the first that it is sent. */
    Attendance attend(PeerId relay, Line line);
}
