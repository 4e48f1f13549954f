package io.marsad.api.sources;

import io.marsad.ingest.ledger.DeadLetter.Position;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** A place between two pages of dead letters, as text that callers hand back unread. */
final class LetterCursor {
    private static final int BYTES = 28;

    private LetterCursor() {}

    static String write(Position position) {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(position.receivedAt().getEpochSecond())
                .putInt(position.receivedAt().getNano())
                .putLong(position.id().high())
                .putLong(position.id().low())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 when it is none that we wrote */
    static Position read(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == BYTES) {
                var time = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
                return new Position(inDatabaseRange(time), new EventId(bytes.getLong(), bytes.getLong()));
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static Instant inDatabaseRange(Instant time) {
        if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-01-01T00:00:00Z"))) {
            throw new IllegalArgumentException("no time that we wrote");
        }
        return time;
    }

    private static RuntimeException invalid() {
        return Problem.badRequest("invalid-cursor", "The cursor is none that this API gave.")
                .asException();
    }
}
