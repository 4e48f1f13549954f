package io.marsad.kernel.store;

import java.io.IOException;

/**
 * The event store's disk has no room. Nothing that was taken is lost and nothing is half done: the same call, made again
 * when there is room, goes on where this one ended.
 */
public final class StoreFullException extends IOException {
    public StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
