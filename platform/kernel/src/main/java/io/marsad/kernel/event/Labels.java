package io.marsad.kernel.event;

import java.util.Arrays;

/** What the platform itself says of an event, in OCSF's {@code metadata.labels}. */
public final class Labels {
    public static final Field FIELD = Field.of("metadata.labels");
    /** Made by a generator, not by anybody's system. */
    public static final String SYNTHETIC = "synthetic";
    /** The source's time was impossible; the time of receipt stands in its place. */
    public static final String TIME_CLAMPED = "ts-clamped";

    private static final byte[] SYNTHETIC_BYTES = SYNTHETIC.getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private Labels() {}

    public static boolean synthetic(EventBatch batch, int row) {
        int id = FIELD.id();
        for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
            if (batch.field(e) == id) {
                int at = batch.offset(e);
                if (Arrays.equals(
                        batch.arena(), at, at + batch.length(e), SYNTHETIC_BYTES, 0, SYNTHETIC_BYTES.length)) {
                    return true;
                }
            }
        }
        return false;
    }
}
