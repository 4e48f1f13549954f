package io.marsad.fleet;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files that a host sends whole, as one archive.
 *
 * @param hostCarveId as the host calls it
 * @param requestId the query that asked, as the host says
 * @param state {@code receiving} or {@code complete}
 * @param size bytes, as the host announced
 * @param received how many blocks are here
 * @param sha256 of the whole in hexadecimal; null until it is complete
 */
public record Carve(
        UUID id,
        UUID endpoint,
        String hostname,
        String hostCarveId,
        String requestId,
        String state,
        long size,
        int blockSize,
        int blockCount,
        int received,
        @Nullable String sha256,
        Instant startedAt) {
    /**
     * What a host announces.
     *
     * @param size bytes of the archive
     */
    public record Announced(String hostCarveId, String requestId, long size, long blockSize, long blockCount) {
        public Announced {
            hostCarveId = clean(hostCarveId);
            requestId = clean(requestId);
        }

        private static String clean(String text) {
            return text.codePoints()
                    .filter(c -> c > 32 && c < 127)
                    .limit(128)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
    }
}
