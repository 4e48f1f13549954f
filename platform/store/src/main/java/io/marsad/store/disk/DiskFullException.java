package io.marsad.store.disk;

import java.io.IOException;

/** The file system has no room for what was to be written. Not a fault of the log: it goes on when there is room again. */
public final class DiskFullException extends IOException {
    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    public DiskFullException(String message) {
        super(message);
    }
}
