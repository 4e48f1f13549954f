package io.marsad.store.segment;

import java.io.IOException;

/** What was read is not what was written. */
final class DamagedException extends IOException {
    DamagedException(String message) {
        super(message);
    }
}
