package io.marsad.connect;

import java.io.IOException;

/** The platform does not talk to this address; the message says why, for whoever named it. */
public final class OutboundRefused extends IOException {
    public OutboundRefused(String message) {
        super(message);
    }
}
