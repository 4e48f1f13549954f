package io.marsad.normalize.format;

import java.io.IOException;

/** A file, or one in an archive, is not what it should be. */
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean ends;

    UnreadableException(String reason) {
        this(reason, false);
    }

    /** @param ends nothing that comes behind it can be read either */
    UnreadableException(String reason, boolean ends) {
        super(reason);
        this.ends = ends;
    }

    boolean ends() {
        return ends;
    }

    String reason() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
