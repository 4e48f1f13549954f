package io.marsad.api.events;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.EventSearch.Position;
import java.nio.ByteBuffer;
import java.util.Base64;

/** A place between two pages, as text that callers hand back unread. */
final class Cursor {
    private static final int BYTES = 24;

    private Cursor() {}

    static String write(Position position) {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(position.time())
                .putLong(position.idHigh())
                .putLong(position.idLow())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 when it is none that we wrote */
    static Position read(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == BYTES) {
                return new Position(bytes.getLong(), bytes.getLong(), bytes.getLong());
            }
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static RuntimeException invalid() {
        return Problem.badRequest("invalid-cursor", "The cursor is none that this API gave.")
                .asException();
    }
}
