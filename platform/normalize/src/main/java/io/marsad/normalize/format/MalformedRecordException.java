package io.marsad.normalize.format;

/** The bytes of one record are not what its format says; the others are not touched by that. */
final class MalformedRecordException extends Exception {
    MalformedRecordException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
