package io.marsad.connect;

import java.io.IOException;

/**
 * The connection ended, or time was over, after bytes of the request were sent: the other end may have done what it says.
 * The cause is what happened.
 */
public final class OutboundLost extends IOException {
    public OutboundLost(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
