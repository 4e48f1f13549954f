package io.marsad.server.cli;

/** A command cannot do what was asked; its message is all that the user is shown. */
final class CommandFailure extends RuntimeException {
    CommandFailure(String message) {
        super(message);
    }
}
