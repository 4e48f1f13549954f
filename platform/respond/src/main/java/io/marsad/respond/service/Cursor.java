package io.marsad.respond.service;

import io.marsad.kernel.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** Where a page ended: the last one's time and id. */
record Cursor(Instant at, UUID id) {
    String text() {
        return at.toEpochMilli() + "." + id;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-cursor} */
    static Cursor parse(String text) {
        int dot = text.indexOf('.');
        try {
            return new Cursor(
                    Instant.ofEpochMilli(Long.parseLong(text.substring(0, Math.max(0, dot)))),
                    UUID.fromString(text.substring(dot + 1)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw Problem.badRequest("invalid-cursor", "The cursor is not one that a page gave.")
                    .asException();
        }
    }
}
